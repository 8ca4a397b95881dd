// @ts-check
/** Inputs, neurons and outputs as shapes that can be focused, and what is written around them. */

import { classColour } from "./colours.js";
import { shape } from "./drawing.js";
import { nodeName, outputCode, outputName } from "./network-names.js";
import { symbolPath } from "./symbols.js";
import { fittedAll, fittedBefore, textWidth } from "./text-width.js";
import { number, say } from "./words.js";

/** @typedef {import("./network-layout.js").Column} Column */
/** @typedef {import("./network-layout.js").Layout} Layout */
/** @typedef {import("./network-layout.js").Node} Node */
/** @typedef {Partial<import("./drawing-types.js").State>} State */

/** @typedef {Node & {group: SVGGElement, bias: SVGRectElement | null, isNegative: boolean | null}} DrawnNode */

const NAME = 13;
const SMALL = 24;

/**
 * @param {Node} node
 * @param {State} state
 * @param {string} [name] beside it, as far as there is room
 * @returns {DrawnNode}
 */
export function drawnNode(node, state, name = "") {
  const { x, y, half, kind, index } = node;
  const group = shape("g", {
    class: `node is-${kind}`,
    transform: `translate(${x} ${y})`,
    role: "button",
    tabindex: -1,
  });
  group.setAttribute("aria-label", nodeName(state, node));
  // Larger than what is seen, so that a finger finds it.
  const reach = Math.max(half, 11);
  group.append(
    shape("rect", { class: "node-reach", x: -reach, y: -reach, width: 2 * reach, height: 2 * reach, rx: 4 }),
  );
  if (kind === "input") {
    group.append(shape("circle", { class: "node-body", r: half }));
    group.append(nameBeside(inputName(state, index), name, { x: -half - 6, "text-anchor": "end" }));
  } else if (kind === "output") {
    group.append(outputBody(state, index, half));
    group.append(nameBeside(outputName(state, index), name, { x: half + 8 }));
  } else {
    group.append(shape("rect", { class: "node-body", x: -half, y: -half, width: 2 * half, height: 2 * half, rx: 5 }));
  }
  const bias = kind === "input" ? null : biasMark(half);
  if (bias) group.append(bias);
  return Object.assign({}, node, { group, bias, isNegative: null });
}

/** @param {number} half */
function biasMark(half) {
  const size = 2 * half < SMALL ? 5 : 7;
  return shape("rect", { class: "bias", x: -half - size / 2, y: half - size / 2, width: size, height: size });
}

/**
 * @param {State} state
 * @param {number} index
 * @param {number} half
 */
function outputBody(state, index, half) {
  if (state.task === "regression") return shape("circle", { class: "node-body", r: half });
  const code = outputCode(state, index);
  const symbol = shape("path", { class: "class-symbol", d: symbolPath(code, 0.68 * half) });
  symbol.style.setProperty("fill", classColour(code));
  return symbol;
}

/**
 * @param {State} state
 * @param {number} index
 */
const inputName = ({ inputs }, index) => inputs?.[index] ?? "";

/**
 * The names beside inputs or outputs, cut where there is not enough room.
 *
 * @param {Column} column
 * @param {State} state
 * @param {{left: number, right: number}} room
 */
export function namesBeside({ kind, nodes }, state, room) {
  if (kind === "hidden") return [];
  const nameOf = kind === "input" ? inputName : outputName;
  const aside = nodes[0].half + (kind === "input" ? 8 : 10);
  const free = (kind === "input" ? room.left : room.right) - aside;
  const names = nodes.map(({ index }) => nameOf(state, index));
  // Of an input such as workclass=Private the category tells more than its column, which is cut first.
  const told = names.map((name) => (name.indexOf("=") > 3 ? fittedBefore(name, name.indexOf("="), free, NAME) : name));
  return fittedAll(told, free, NAME);
}

/**
 * @param {string} text
 * @param {string} shown of it
 * @param {Record<string, string | number>} where
 */
function nameBeside(text, shown, where) {
  const made = shape("text", { class: "node-name", y: 4, ...where }, shown);
  if (shown !== text) made.append(shape("title", {}, text));
  return made;
}

/**
 * Room for the longest of some names.
 *
 * @param {string[]} names
 * @param {number} most
 */
export function roomFor(names, most) {
  return Math.min(Math.max(...names.map((name) => textWidth(name, NAME)), 8) + 24, most);
}

/**
 * Headings of the columns, and how many neurons are not drawn.
 *
 * @param {Layout} layout
 */
export function drawnHeadings({ columns, isBoxes }) {
  const group = shape("g", { class: "headings", "aria-hidden": "true" });
  columns.forEach((column, i) => {
    const anchor = column.kind === "hidden" ? "middle" : column.kind === "input" ? "end" : "start";
    const aside = column.kind === "hidden" || isBoxes ? 0 : column.kind === "input" ? 6 : -10;
    const heading = headingOf(column, i, columns[1].x - columns[0].x);
    const least = anchor === "end" ? textWidth(heading, NAME) : 0; // names may be shorter than what they are called
    const where = { x: Math.max(column.x + aside, least), y: 14, "text-anchor": isBoxes ? "middle" : anchor };
    group.append(shape("text", where, heading));
    const last = column.nodes.at(-1);
    if (column.more && last && !isBoxes) {
      const y = last.y + Math.max(last.half, 8) + 16;
      const text = say("+{n} more", { n: number(column.more) });
      group.append(shape("text", { x: column.x, y, "text-anchor": anchor }, text));
    }
  });
  return group;
}

/**
 * @param {Column} column
 * @param {number} i
 * @param {number} gap between two columns
 */
function headingOf({ kind }, i, gap) {
  if (kind === "input") return say("inputs");
  if (kind === "output") return say("output");
  const whole = say("layer {number}", { number: i });
  return textWidth(whole, NAME) < gap - 6 ? whole : number(i);
}

/**
 * The sign of a bias as a small square: filled where positive, hollow where negative.
 *
 * @param {DrawnNode} node
 * @param {number | undefined} bias
 */
export function showBias(node, bias) {
  if (!node.bias || bias === undefined) return;
  const isNegative = bias < 0;
  if (isNegative === node.isNegative) return;
  node.isNegative = isNegative;
  node.bias.classList.toggle("is-negative", isNegative);
}
