// @ts-check
/** A network with too many weights to draw: a box a layer, with counts. */

import { shape } from "./drawing.js";
import { HEADING } from "./network-layout.js";
import { number, say } from "./words.js";

/** @typedef {import("./network-layout.js").Layout} Layout */

const HALF = 24;

/**
 * @param {Layout} layout
 * @returns {SVGGElement}
 */
export function drawnBoxes({ columns, height }) {
  const group = shape("g", { class: "boxes" });
  const most = height - HEADING - 8;
  const widest = Math.log2(1 + Math.max(...columns.map((column) => column.count)));
  const boxes = columns.map(({ x, count }) => {
    const tall = Math.max(34, (most * Math.log2(1 + count)) / widest);
    return { x, count, top: HEADING + (most - tall) / 2, bottom: HEADING + (most + tall) / 2 };
  });
  boxes.slice(1).forEach((box, i) => group.append(...drawnBetween(boxes[i], box)));
  for (const { x, count, top, bottom } of boxes) {
    const size = { x: x - HALF, y: top, width: 2 * HALF, height: bottom - top, rx: 6 };
    const middle = { x, y: (top + bottom) / 2 + 5, "text-anchor": "middle", class: "box-count" };
    group.append(shape("rect", { class: "box", ...size }), shape("text", middle, number(count, 6)));
  }
  return group;
}

/** @typedef {{x: number, count: number, top: number, bottom: number}} Box */

/**
 * @param {Box} from
 * @param {Box} to
 */
function drawnBetween(from, to) {
  const corners = [
    ...[from.x + HALF, from.top + 6, to.x - HALF, to.top + 6],
    ...[to.x - HALF, to.bottom - 6, from.x + HALF, from.bottom - 6],
  ];
  const weights = from.count * to.count;
  const middle = { x: (from.x + to.x) / 2, "text-anchor": "middle", class: "box-weights" };
  const y = (from.top + from.bottom) / 4 + (to.top + to.bottom) / 4;
  const text = shape("text", { ...middle, y: y - 2 }, number(weights, 7));
  const unit = shape("text", { ...middle, y: y + 13 }, say("weights"));
  return [shape("polygon", { class: "box-between", points: corners.join(" ") }), text, unit];
}
