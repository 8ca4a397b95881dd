// @ts-check
/** How far the axes of the curves reach. They grow in steps, so that nothing slides while a network learns. */

import { Scale, logTicks, niceStep, ticks } from "./axis.js";
import { rangeOf } from "./curves-data.js";

/** @typedef {import("./curves-data.js").Metric} Metric */

const ENDS = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100];

/**
 * The next of some round numbers of epochs.
 *
 * @param {number} epochs
 */
export function roundEnd(epochs) {
  const power = Math.max(1, 10 ** Math.floor(Math.log10(Math.max(epochs, 1) / 10)));
  return (ENDS.find((end) => end * power >= epochs) ?? 100) * power;
}

/**
 * @typedef {object} Area
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 */

/**
 * @param {Area} area
 * @param {number} last epoch that must be seen
 */
export function epochScale({ left, width }, last) {
  return new Scale({ low: 0, high: roundEnd(last), from: left, to: left + width });
}

/**
 * @param {Area} area
 * @param {{lines: number[][], band: number[][]}} lists
 * @param {{metric: Metric, isLog: boolean}} what
 */
export function valueScale({ top, height }, { lines, band }, { metric, isLog }) {
  const ends = { from: top + height, to: top };
  const range = widened(rangeOf(lines, isLog), rangeOf(band, isLog));
  if (metric === "accuracy") return new Scale({ low: accuracyFloor(range?.[0] ?? 0), high: 1, ...ends });
  if (!range) return new Scale({ low: isLog ? 0.1 : 0, high: 1, isLog, ...ends });
  if (isLog) return new Scale({ ...logEnds(range), isLog, ...ends });
  const [low, high] = [Math.min(0, range[0]), range[1]];
  const step = niceStep(high - low || 1, 8);
  return new Scale({ low: Math.floor(low / step) * step, high: Math.ceil((high || 1) / step) * step, ...ends });
}

/**
 * The band is seen whole, unless a single member is so far off that the lines would lie flat.
 *
 * @param {[number, number] | null} lines
 * @param {[number, number] | null} band
 * @returns {[number, number] | null}
 */
function widened(lines, band) {
  if (!lines || !band) return lines;
  const [low, high] = lines;
  return [Math.min(low, Math.max(band[0], low / 2)), Math.max(high, Math.min(band[1], high + (high - low) / 2))];
}

/** @param {number} low */
const accuracyFloor = (low) => Math.max(0, Math.min(Math.floor(low * 5 - 1e-9) / 5, 0.8));

/** @param {[number, number]} range */
function logEnds([low, high]) {
  const step = (/** @type {number} */ value) => 10 ** Math.floor(Math.log10(value));
  const bottom = Math.floor(low / step(low) + 1e-9) * step(low);
  const top = Math.ceil(high / step(high) - 1e-9) * step(high);
  return { low: bottom, high: top > bottom ? top : 10 * bottom };
}

/**
 * @param {Scale} scale
 * @param {number} most
 */
export const valueTicks = (scale, most) =>
  scale.isLog ? logTicks(scale.low, scale.high) : ticks(scale.low, scale.high, most);

/**
 * Whole epochs, from the start, which is epoch 0.
 *
 * @param {Scale} scale
 * @param {number} most
 */
export const epochTicks = (scale, most) => ticks(0, scale.high, most).filter(({ value }) => Number.isInteger(value));
