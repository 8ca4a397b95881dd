// @ts-check
/** Names and small shapes of the curves. */

import { shape } from "./drawing.js";
import { fixed, number, say } from "./words.js";

/** @typedef {import("./curves-data.js").Metric} Metric */
/** @typedef {import("./curves-lines.js").Scales} Scales */
/** @typedef {import("./curves-marks.js").EndLabel} EndLabel */
/** @typedef {import("./drawing-types.js").PinnedRun} PinnedRun */

/** @typedef {{id: PinnedRun["id"], list: number[]}} PinnedCurve */

/**
 * The held-out losses of a pinned run, or those of training where it held nothing out.
 *
 * @param {PinnedRun} run
 * @returns {PinnedCurve}
 */
export function pinnedCurve({ id, curve }) {
  const hasHeldOut = curve.held_out?.some((value) => value !== null);
  return { id, list: (hasHeldOut ? curve.held_out : curve.training).map((value) => value ?? Number.NaN) };
}

/** @param {Metric} metric */
export function axisName(metric) {
  if (metric === "accuracy") return say("accuracy");
  return metric === "gradient" ? say("size of the gradient") : say("loss");
}

/** @param {string} key of a curve */
export function lineName(key) {
  if (key === "gradient") return say("gradient");
  return key.startsWith("training") ? say("training") : say("held-out");
}

/**
 * The name and the last number of a line, at its end.
 *
 * @param {{key: string, name: string, text: string}} line name: of the class that colours it
 * @param {number[]} list
 * @param {Scales} scales
 * @returns {EndLabel | null}
 */
export function endLabel({ key, name, text }, list, { values }) {
  const last = list.findLastIndex(Number.isFinite);
  if (last < 0) return null;
  return { key, name, text, value: name === "pinned" ? "" : steady(list[last]), y: values.place(list[last]) };
}

/**
 * With as many decimals from frame to frame, so that it does not shake.
 *
 * @param {number} value
 */
function steady(value) {
  const size = Math.abs(value);
  return size < 0.01 || size >= 1000 ? number(value, 3) : fixed(value, size < 10 ? 3 : 1);
}

/**
 * @param {string} text
 * @param {number} middle
 */
export function uprightName(text, middle) {
  return shape(
    "text",
    { class: "axis-name", "text-anchor": "middle", transform: `translate(13 ${middle}) rotate(-90)` },
    text,
  );
}

/**
 * The pattern of the patience after the ideal epoch: another texture than the range has, not only another colour.
 *
 * @param {string} id
 */
export function hatch(id) {
  const line = shape("path", { class: "hatch", d: "M0 8L8 0M-2 2L2 -2M6 10L10 6" });
  const pattern = { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" };
  return shape("defs", {}, shape("pattern", pattern, line));
}
