// @ts-check
/** Where the parts of a network stand, and which of them are drawn. */

import { within } from "./drawing.js";

/** Wider layers are cut to their first neurons. */
const MOST_SHOWN = 16;
const SHOWN_OF_WIDE = 8;

/** With more parameters than these a frame has none of them, and layers are boxes. */
const MOST_PARAMETERS = 4000;

export const HEADING = 30;
const LEAST_GAP = 58;
const LARGEST_NODE = 42;
const INPUT_RADIUS = 5;
const OUTPUT_RADIUS = 10;

/** @typedef {"input" | "hidden" | "output"} Kind */

/**
 * @typedef {object} Node
 * @property {number} column 0 of the inputs, then the layers
 * @property {number} layer of weights that lead to it, -1 of an input
 * @property {number} index
 * @property {Kind} kind
 * @property {number} x middle, in pixels
 * @property {number} y
 * @property {number} half of its width
 */

/** @typedef {{x: number, count: number, more: number, kind: Kind, nodes: Node[]}} Column */
/** @typedef {{width: number, height: number, columns: Column[], isBoxes: boolean}} Layout */

/**
 * @param {number[]} sizes inputs, hidden layers, outputs
 * @param {{width: number, most: number, left: number, right: number}} room most: of its height; left, right: for names
 * @returns {Layout}
 */
export function layoutOf(sizes, { width, most, left, right }) {
  const gaps = sizes.length - 1;
  const whole = Math.max(width, left + right + gaps * LEAST_GAP);
  const gap = (whole - left - right) / Math.max(gaps, 1);
  const shown = sizes.map((count) => (count > MOST_SHOWN ? SHOWN_OF_WIDE : count));
  const rows = Math.max(...sizes.map((count, i) => shown[i] + (count > shown[i] ? 0.7 : 0)), 1);
  const pitch = within((most - HEADING) / rows, 22, 60);
  const height = HEADING + Math.max(rows * pitch, 60) + 4;
  const size = Math.floor(within(Math.min(pitch - (pitch < 30 ? 4 : 7), 0.5 * gap), 14, LARGEST_NODE));
  const columns = sizes.map((count, column) => {
    const kind = kindOf(column, sizes.length);
    const half =
      kind === "hidden" ? size / 2 : kind === "input" ? INPUT_RADIUS : Math.min(OUTPUT_RADIUS, pitch / 2 - 2);
    const x = Math.round(left + column * gap);
    const more = count - shown[column];
    const top = HEADING + (height - 4 - HEADING - (shown[column] + (more ? 0.7 : 0)) * pitch) / 2;
    const nodes = Array.from({ length: shown[column] }, (_, index) => ({
      ...{ column, layer: column - 1, index, kind, x, half },
      y: Math.round(top + (index + 0.5) * pitch),
    }));
    return { x, count, more, kind, nodes };
  });
  return { width: whole, height: Math.ceil(height), columns, isBoxes: isTooLarge(sizes) };
}

/**
 * @param {number} column
 * @param {number} columns
 * @returns {Kind}
 */
function kindOf(column, columns) {
  if (column === 0) return "input";
  return column === columns - 1 ? "output" : "hidden";
}

/**
 * Whether a network has too many parameters to draw each.
 *
 * @param {number[]} sizes
 */
export const isTooLarge = (sizes) => startOf(sizes, sizes.length - 1) > MOST_PARAMETERS;

/**
 * The place of a layer's first weight among all parameters: layers in order, the weights of each before its biases.
 *
 * @param {number[]} sizes
 * @param {number} layer
 */
function startOf(sizes, layer) {
  let start = 0;
  for (let l = 0; l < layer; l += 1) start += (sizes[l] + 1) * sizes[l + 1];
  return start;
}

/**
 * @param {number[]} sizes
 * @param {number} layer
 * @param {number} from
 * @param {number} to
 */
export const weightIndex = (sizes, layer, from, to) => startOf(sizes, layer) + from * sizes[layer + 1] + to;

/**
 * @param {number[]} sizes
 * @param {number} layer
 * @param {number} neuron
 */
export const biasIndex = (sizes, layer, neuron) => startOf(sizes, layer) + sizes[layer] * sizes[layer + 1] + neuron;
