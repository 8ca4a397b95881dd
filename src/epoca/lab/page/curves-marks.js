// @ts-check
/** What is marked on the curves: the ideal epoch and its range, the patience after it, and the names of the lines. */

import { within, setAttributes, setText, shape } from "./drawing.js";
import { textWidth } from "./text-width.js";
import { number, say } from "./words.js";

/** @typedef {import("./axis.js").Scale} Scale */
/** @typedef {import("./curves-scales.js").Area} Area */
/** @typedef {import("./drawing-types.js").Ideal} Ideal */

const FLAG = 15;

/**
 * The shades behind the curves.
 *
 * @param {SVGGElement} group emptied and filled
 * @param {Ideal | null | undefined} ideal
 * @param {Scale} epochs
 * @param {Area} area
 * @param {string} pattern id of the one that fills the patience
 */
export function drawShades(group, ideal, epochs, area, pattern) {
  group.replaceChildren();
  if (!ideal) return;
  const { best, first, last, window } = ideal;
  // Half an epoch to either side, so that a range of one epoch is seen too.
  if (first !== null && last !== null) group.append(shade("ideal-range", first - 0.5, last + 0.5, epochs, area));
  if (!window) return;
  const patience = shade("patience", best + 0.5, best + window, epochs, area);
  patience.setAttribute("fill", `url(#${pattern})`);
  group.append(patience);
  const width = Number(patience.getAttribute("width"));
  const text = say("patience: {n} epochs", { n: number(window) });
  if (width < textWidth(text, 12) + 12) return;
  const where = { x: Number(patience.getAttribute("x")) + width - 6, y: area.top + 15, "text-anchor": "end" };
  group.append(shape("text", { class: "patience-name", ...where }, text));
}

/**
 * @param {string} name
 * @param {number} first
 * @param {number} last
 * @param {Scale} epochs
 * @param {Area} area
 */
function shade(name, first, last, epochs, { left, width, top, height }) {
  const from = within(epochs.place(first), left, left + width);
  const to = within(epochs.place(last), left, left + width);
  return shape("rect", { class: name, x: from, y: top, width: Math.max(0, to - from), height });
}

/**
 * The flag at the ideal epoch, with its number.
 *
 * @param {SVGGElement} group emptied and filled
 * @param {Ideal | null | undefined} ideal
 * @param {Scale} epochs
 * @param {Area} area
 * @param {number} width of the whole drawing
 */
export function drawFlag(group, ideal, epochs, area, width) {
  group.replaceChildren();
  if (!ideal) return;
  const x = Math.round(epochs.place(ideal.best)) + 0.5;
  const best = number(ideal.best);
  const short = say("ideal epoch: {best}", { best });
  const whole = ideal.is_open ? say("ideal epoch: {best} or later", { best }) : short;
  const needed = boldWidth(whole) + FLAG + 8;
  const side = width - x < needed && x > width - x ? -1 : 1;
  const words = needed < Math.max(x, width - x) ? whole : short;
  const text = { x: x + side * (FLAG + 4), y: area.top - 6, "text-anchor": side > 0 ? "start" : "end" };
  group.append(
    shape("line", { class: "flag-pole", x1: x, x2: x, y1: area.top - 17, y2: area.top + area.height }),
    shape("path", { class: "flag", d: `M${x} ${area.top - 17}l${side * FLAG} 6l${-side * FLAG} 6z` }),
    shape("text", { class: "flag-name", ...text }, words),
  );
}

/** @typedef {{key: string, name: string, text: string, value: string, y: number}} EndLabel value: "" for none */

const LINE_OF_TEXT = 16;
/** From the plot to the names, past the handle, which stands at the newest epoch. */
const GAP = 12;

/** @param {string} text */
const boldWidth = (text) => 1.1 * textWidth(text, 13);

/**
 * How wide the names of the lines are.
 *
 * @param {string[]} names
 * @param {boolean} isWide whether there is room for a name and its value in one line
 */
export function roomForNames(names, isWide) {
  return GAP + 4 + Math.max(...names.map((name) => boldWidth(isWide ? `${name} 0.000` : name)));
}

/**
 * The name of every line beside the plot, as high as its end: inside of it names would lie on lines, marks and the
 * handle. They move with their lines, and away from one another.
 */
export class EndLabels {
  constructor() {
    this.group = shape("g", { class: "end-labels", "aria-hidden": "true" });
    /** @type {Map<string, SVGTextElement>} */
    this.texts = new Map();
  }

  /**
   * @param {EndLabel[]} labels those for which there is no room go, the last first
   * @param {Area} area
   * @param {boolean} isWide
   */
  draw(labels, area, isWide) {
    let room = area.height + LINE_OF_TEXT;
    const placed = labels.flatMap((label) => {
      const height = label.value && !isWide ? 2 * LINE_OF_TEXT : LINE_OF_TEXT;
      room -= height;
      return room < 0 ? [] : [{ ...label, height, top: label.y - height / 2 }];
    });
    const known = new Set(placed.map(({ key }) => key));
    for (const [key, text] of this.texts) {
      if (known.has(key)) continue;
      text.remove();
      this.texts.delete(key);
    }
    spread(placed, area);
    const x = area.left + area.width + GAP;
    for (const { key, name, text, value, top } of placed) {
      const [above, beside] = this.#node(key, name).children;
      setText(above, text);
      setText(beside, value);
      setAttributes(above, { x, y: Math.round(top + 11) });
      setAttributes(beside, isWide ? { x: null, y: null, dx: 4 } : { x, y: Math.round(top + 11 + LINE_OF_TEXT), dx: null });
    }
  }

  /**
   * @param {string} key
   * @param {string} name of the class that colours it
   */
  #node(key, name) {
    let node = this.texts.get(key);
    if (!node) {
      node = shape("text", { class: `end-label ${name}` }, shape("tspan"), shape("tspan"));
      this.texts.set(key, node);
      this.group.append(node);
    }
    return node;
  }
}

/**
 * From top to bottom, each below the one before that it would else cover; those pushed below the plot come back up.
 *
 * @param {{top: number, height: number}[]} labels which are moved
 * @param {Area} area
 */
function spread(labels, { top, height }) {
  labels.sort((one, other) => one.top + one.height / 2 - other.top - other.height / 2);
  let edge = top - LINE_OF_TEXT / 2;
  for (const label of labels) {
    label.top = Math.max(label.top, edge);
    edge = label.top + label.height;
  }
  edge = top + height + LINE_OF_TEXT / 2;
  for (const label of labels.toReversed()) {
    label.top = Math.min(label.top, edge - label.height);
    edge = label.top;
  }
}
