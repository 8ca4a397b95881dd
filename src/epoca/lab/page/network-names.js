// @ts-check
/** What the parts of a network are called, on the drawing and for ears. */

import { number, say } from "./words.js";

/** @typedef {import("./network-layout.js").Node} Node */
/** @typedef {Partial<import("./drawing-types.js").State>} State */

/**
 * The class or number that an output stands for.
 *
 * @param {State} state
 * @param {number} index
 */
export function outputName(state, index) {
  const labels = state.labels ?? [];
  if (state.task === "regression") return state.target ?? "";
  return labels[outputCode(state, index)] ?? "";
}

/**
 * The class of an output. A single one speaks for the second class: high there is low for the first.
 *
 * @param {State} state
 * @param {number} index
 */
export const outputCode = (state, index) => (state.sizes?.at(-1) === 1 ? 1 : index);

/**
 * @param {State} state
 * @param {Node} node
 */
export function nodeName(state, { kind, layer, index }) {
  if (kind === "input") return say("input {name}", { name: state.inputs?.[index] ?? index + 1 });
  if (kind === "output") return say("output {name}", { name: outputName(state, index) });
  return say("hidden layer {layer}, neuron {neuron}", { layer: layer + 1, neuron: index + 1 });
}

/**
 * @param {State} state
 * @param {Node} node
 * @param {number | undefined} bias
 */
export function nodeSentence(state, node, bias) {
  const name = nodeName(state, node);
  return bias === undefined ? name : say("{name}, bias {value}", { name, value: bias });
}

/**
 * @param {State} state
 * @param {Node} from
 * @param {Node} to
 */
export const weightName = (state, from, to) =>
  say("weight from {from} to {to}", { from: nodeName(state, from), to: nodeName(state, to) });

/**
 * @param {string} name
 * @param {number | undefined} value
 * @param {boolean} isFrozen
 */
export function weightSentence(name, value, isFrozen) {
  if (value === undefined) return name;
  return isFrozen ? say("{name}: {value}, frozen", { name, value }) : `${name}: ${number(value)}`;
}
