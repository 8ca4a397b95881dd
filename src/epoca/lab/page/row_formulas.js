// @ts-check
/** Formulas written out with the numbers of one row. */

import { number, say } from "./words.js";

/**
 * @typedef {object} Trace
 * @property {"logistic" | "softmax" | "identity" | "step"} head
 * @property {string} activation
 * @property {number[]} inputs
 * @property {number[][]} sums layer by layer
 * @property {number[][]} activations of the hidden layers
 * @property {number[][][]} weights layer by layer, inputs × outputs
 * @property {number[][]} biases
 * @property {number[]} outputs
 * @property {number | null} loss
 * @property {{weights: number[][], bias: number[]}[] | null} gradient
 */

/**
 * @typedef {object} Speech
 * @property {number} row
 * @property {string} text
 * @property {"fine" | "away" | "closer"} says
 * @property {"perceptron" | "neuron"} rule
 * @property {number} output
 * @property {number} happened
 * @property {number} error
 * @property {number} learning_rate
 * @property {number[]} inputs
 * @property {number[]} before weights, then the bias
 * @property {number[]} after
 * @property {{dx: number, dy: number, length: number} | null} arrow
 * @property {{before: number[] | null, after: number[] | null}} line
 */

/** Terms of a sum that are written out; the rest is in the table beside it. */
const MOST = 6;

/** @param {number} value in parentheses where it is negative */
const factor = (value) => (value < 0 ? `(${number(value)})` : number(value));

/**
 * @param {number[]} weights
 * @param {number[]} inputs
 * @param {number} bias
 * @param {number} sum
 */
export function productText(weights, inputs, bias, sum) {
  const terms = weights.slice(0, MOST).map((weight, i) => `${factor(weight)} · ${factor(inputs[i])}`);
  if (weights.length > MOST) terms.push("…");
  return `z = ${[...terms, factor(bias)].join(" + ")} = ${number(sum)}`;
}

/**
 * What becomes of a neuron's sum.
 *
 * @param {Trace} trace
 * @param {number} layer
 * @param {number} index
 */
export function activationText(trace, layer, index) {
  const z = trace.sums[layer][index];
  const hidden = trace.activations[layer]?.[index];
  if (hidden !== undefined) return `${trace.activation}(${number(z)}) = ${number(hidden)}`;
  if (trace.head === "identity") return "";
  if (trace.head === "logistic") return `σ(${number(z)}) = 1 / (1 + e^−z) = ${number(trace.outputs[1])}`;
  if (trace.head === "softmax") return `e^${factor(z)} / Σ e^z = ${number(trace.outputs[index])}`;
  return z >= 0 ? say("The sum is not below 0: it says 1.") : say("The sum is below 0: it says 0.");
}

/**
 * The update of each weight and the bias of a perceptron or a neuron, by one row.
 *
 * @param {Speech} speech
 * @param {string[]} names of the inputs
 */
export function updateLines({ inputs, before, after, output, happened, learning_rate: rate }, names) {
  const error = `(${number(happened)} − ${number(output)})`;
  const lines = inputs.slice(0, MOST).map((x, i) => {
    const step = `${factor(before[i])} + ${number(rate)} · ${error} · ${factor(x)}`;
    return `w(${names[i]}) ← ${step} = ${number(after[i])}`;
  });
  const last = before.length - 1;
  return ["w ← w + α · (y − ŷ) · x", ...lines, `b ← ${factor(before[last])} + ${number(rate)} · ${error} = ${number(after[last])}`];
}
