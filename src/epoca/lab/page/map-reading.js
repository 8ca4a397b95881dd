// @ts-check
/** What the map says at a place: for the live value beside the pointer, and for ears. */

import { dateText } from "./axis.js";
import { within } from "./drawing.js";
import { isBanded } from "./map-painter.js";
import { number, say } from "./words.js";

/** @typedef {import("./drawing-types.js").AxisOf} AxisOf */
/** @typedef {import("./drawing-types.js").Frame} Frame */
/** @typedef {import("./map.js").DecisionMap} DecisionMap */
/** @typedef {import("./map.js").Place} Place */

/**
 * @typedef {object} Reading
 * @property {number} x in units of the axis
 * @property {number} y
 * @property {number} left in pixels of the page's window, where a live value may stand
 * @property {number} top
 * @property {number | null} code the class predicted there
 * @property {number | null} sureness of it: 0, as good as guessing, to 1
 * @property {number | null} value the number predicted there, of a regression
 * @property {number} index of the nearest point among the state's, or -1
 * @property {number | null} row its row
 * @property {number | null} target its class or number
 * @property {number | null} predicted its predicted class
 * @property {number | null} probability of what happened in it, 0 to 1
 */

/**
 * @param {DecisionMap} map
 * @param {Place} at
 * @param {number} reach how far a point may be away, in pixels
 * @returns {Reading}
 */
export function readingAt(map, at, reach) {
  const { view, points, frame, classes } = map;
  const box = map.surface.node.getBoundingClientRect();
  const index = points.nearest(at.left, at.top, reach);
  const { pointCode, pointProbability } = frame?.planes ?? {};
  const isNumber = classes === 0;
  return {
    ...{ x: view.across.value(at.left), y: view.up.value(at.top), left: box.left + at.left, top: box.top + at.top },
    ...predictedAt(frame, map.state.axes_of ?? [], at.left / view.width, 1 - at.top / view.height, isNumber),
    index,
    row: index < 0 ? null : points.points.rows[index],
    target: index < 0 ? null : points.points.target[index],
    predicted: index < 0 || isNumber || !pointCode ? null : pointCode[index],
    probability: index < 0 || isNumber || !pointProbability ? null : pointProbability[index] / 255,
  };
}

/**
 * @param {Frame | null} frame
 * @param {AxisOf[]} axes
 * @param {number} across share of the plot from its left
 * @param {number} up share of the plot from its bottom
 * @param {boolean} isNumber
 */
function predictedAt(frame, axes, across, up, isNumber) {
  const map = frame?.header.map;
  const { code, sureness } = frame?.planes ?? {};
  if (!map || !code || !sureness) return { code: null, sureness: null, value: null };
  const cell = cellOf(across, map.width, axes[0]) + map.width * cellOf(up, map.height, axes[1]);
  const share = sureness[cell] / 255;
  if (isNumber) return { code: null, sureness: null, value: map.low + share * (map.high - map.low) };
  return { code: code[cell], sureness: share, value: null };
}

/**
 * @param {number} share
 * @param {number} cells
 * @param {AxisOf | undefined} axis
 */
function cellOf(share, cells, axis) {
  const cell = isBanded(axis, cells) ? Math.floor(share * cells) : Math.round(share * (cells - 1));
  return within(cell, 0, cells - 1);
}

/**
 * @param {DecisionMap} map
 * @param {Reading} reading
 */
export function sentenceOf(map, reading) {
  const [across, up] = map.state.axes_of ?? [];
  const labels = map.state.labels ?? [];
  const place = [valueText(across, reading.x), valueText(up, reading.y)].join(", ");
  const parts = [`${place}: ${predictionText(reading, labels)}`];
  if (reading.row !== null && reading.target !== null) {
    const target = map.classes === 0 ? number(reading.target) : labels[reading.target];
    parts.push(say("row {row}: {target}", { row: reading.row, target }));
  }
  return parts.join("; ");
}

/**
 * @param {AxisOf | undefined} axis
 * @param {number} value
 */
function valueText(axis, value) {
  if (!axis) return number(value, 3);
  if (axis.kind === "date") return `${axis.name} ${dateText(value)}`;
  const text = axis.kind === "category" ? axis.texts?.[Math.round(value)] : undefined;
  return `${axis.name} ${text ?? number(value, 3)}`;
}

/**
 * @param {Reading} reading
 * @param {string[]} labels
 */
function predictionText({ code, sureness, value }, labels) {
  if (value !== null) return say("predicted {value}", { value: number(value, 3) });
  if (code === null || sureness === null) return say("nothing predicted yet");
  return say("predicted {label}, sureness {percent}%", { label: labels[code], percent: Math.round(100 * sureness) });
}
