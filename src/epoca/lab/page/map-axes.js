// @ts-check
/** How far the map reaches, and its axes with their names. */

import { Scale, categoryTicks, dateTicks, drawnAxis, ticks } from "./axis.js";
import { setAttributes, shape, within } from "./drawing.js";
import { fitted, textWidth } from "./text-width.js";

/** @typedef {import("./drawing-types.js").AxisOf} AxisOf */
/** @typedef {import("./map.js").View} View */

export const MARGIN = { right: 8, top: 8, bottom: 44 };
/** Beside the upright axis: its name, and the ends of its ticks. */
const NAME = 20;
const TICK = 11;
/** Between the names of two categories below. */
const GAP = 6;

/** @type {AxisOf} */
const NO_AXIS = { name: "", kind: "number", low: 0, high: 1 };

/**
 * The plot: a square, as wide as there is room and at most so high.
 *
 * @param {AxisOf[]} axes
 * @param {number} room
 * @param {number} most
 * @returns {View}
 */
export function viewOf(axes, room, most) {
  const [across, up] = [endsOf(axes[0]), endsOf(axes[1])];
  const left = roomBeside(axes[1] ?? NO_AXIS, ticksOf(axes[1] ?? NO_AXIS, up, upwards(most)), room);
  const side = Math.max(120, Math.min(Math.floor(room - left - MARGIN.right), most));
  return {
    left,
    width: side,
    height: side,
    across: new Scale({ ...across, from: 0, to: side }),
    up: new Scale({ ...up, from: side, to: 0 }),
  };
}

/** @param {number} height */
const upwards = (height) => Math.max(2, Math.floor(height / 45));

/**
 * The name of the upright axis and the texts of its ticks stand side by side; where they are long they are cut.
 *
 * @param {AxisOf} axis
 * @param {import("./axis.js").Tick[]} marks
 * @param {number} room for the whole map
 */
function roomBeside(axis, marks, room) {
  const widest = Math.max(...marks.map(({ text }) => textWidth(text, 12)), 0);
  return Math.round(within(widest + NAME + TICK, 66, axis.kind === "category" ? Math.max(66, 0.28 * room) : 100));
}

/** @param {AxisOf | undefined} axis */
function endsOf(axis) {
  if (axis?.kind === "category" && axis.texts) return { low: -0.5, high: axis.texts.length - 0.5 };
  return { low: axis?.low ?? 0, high: axis?.high ?? 1 };
}

/**
 * @param {SVGSVGElement} svg emptied and filled
 * @param {View} view
 * @param {AxisOf[]} axes
 */
export function drawMapAxes(svg, view, axes) {
  const { right, top, bottom } = MARGIN;
  const { left, width, height } = view;
  setAttributes(svg, { width: left + width + right, height: top + height + bottom });
  const plot = shape("g", { transform: `translate(${left} ${top})` });
  const [across, up] = [axes[0] ?? NO_AXIS, axes[1] ?? NO_AXIS];
  const below = ticksBelow(across, view.across);
  const beside = ticksOf(up, view.up, upwards(height));
  plot.append(
    drawnAxis({ scale: view.across, side: "bottom", at: height, ticks: below, room: roomAcross(across, view.across, below) }),
    drawnAxis({ scale: view.up, side: "left", at: 0, ticks: beside, room: left - NAME - TICK + 1 }),
    name(across.name, { x: width / 2, y: height + 38 }, width),
    name(up.name, { x: 0, y: 0, transform: `translate(${14 - left} ${height / 2}) rotate(-90)` }, height),
    shape("rect", { class: "axis-frame", x: -0.5, y: -0.5, width: width + 1, height: height + 1 }),
  );
  svg.replaceChildren(plot);
}

/**
 * @param {AxisOf} axis
 * @param {{low: number, high: number}} ends
 * @param {number} most
 */
function ticksOf(axis, { low, high }, most) {
  if (axis.kind === "category") return categoryTicks(axis.texts ?? [], 2 * most);
  return axis.kind === "date" ? dateTicks(low, high, most - 1) : ticks(low, high, most);
}

/**
 * Names of categories stand side by side there: only as many as have room for some letters each.
 *
 * @param {AxisOf} axis
 * @param {Scale} scale
 */
function ticksBelow(axis, scale) {
  if (axis.kind !== "category") return ticksOf(axis, scale, Math.max(2, Math.floor(scale.to / 70)));
  const texts = axis.texts ?? [];
  const widest = Math.max(...texts.map((text) => textWidth(text, 12)), 0);
  return categoryTicks(texts, Math.max(2, scale.to / (GAP + Math.min(widest, textWidth("nnnnn", 12)))));
}

/**
 * @param {AxisOf} axis
 * @param {Scale} scale
 * @param {import("./axis.js").Tick[]} marks
 */
function roomAcross(axis, scale, [first, second]) {
  if (axis.kind !== "category") return 80;
  return second ? scale.place(second.value) - scale.place(first.value) - GAP : scale.to;
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} where
 * @param {number} room
 */
function name(text, where, room) {
  const made = shape("text", { class: "axis-name", "text-anchor": "middle", ...where }, fitted(text, room, 13));
  if (made.textContent !== text) made.append(shape("title", {}, text));
  return made;
}
