// @ts-check
/** Axes: where a value stands, which values get a tick, and how an axis is drawn. */

import { shape } from "./drawing.js";
import { fittedAll } from "./text-width.js";
import { number } from "./words.js";

/** From values to pixels and back. */
export class Scale {
  /**
   * @param {object} ends
   * @param {number} ends.low
   * @param {number} ends.high
   * @param {number} ends.from the pixel of low
   * @param {number} ends.to the pixel of high
   * @param {boolean} [ends.isLog]
   */
  constructor({ low, high, from, to, isLog = false }) {
    this.isLog = isLog;
    this.low = low;
    this.high = high > low ? high : low + 1;
    this.from = from;
    this.to = to;
    this.start = isLog ? Math.log10(this.low) : this.low;
    this.slope = (to - from) / ((isLog ? Math.log10(this.high) : this.high) - this.start);
  }

  /** @param {number} value */
  place(value) {
    return this.from + ((this.isLog ? Math.log10(value) : value) - this.start) * this.slope;
  }

  /** @param {number} place */
  value(place) {
    const value = this.start + (place - this.from) / this.slope;
    return this.isLog ? 10 ** value : value;
  }
}

/**
 * A step of 1, 2 or 5 times a power of ten that divides a span into at most so many.
 *
 * @param {number} span
 * @param {number} most
 */
export function niceStep(span, most) {
  const rough = span / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((f) => f * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** @typedef {{value: number, text: string}} Tick */

/**
 * Ticks at round numbers.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @returns {Tick[]}
 */
export function ticks(low, high, most) {
  if (!(high > low)) return [{ value: low, text: number(low) }];
  const step = niceStep(high - low, most);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // One alone says nothing of the scale.
  if (last <= first) return ticks(low, high, 2 * most);
  return Array.from({ length: last - first + 1 }, (_, i) => tick(Number(((first + i) * step).toPrecision(12))));
}

/**
 * Ticks at powers of ten and, where these are few, at 2 and 5 times them.
 *
 * @param {number} low
 * @param {number} high
 * @returns {Tick[]}
 */
export function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const factors = decades > 3 ? [1] : decades > 1.2 ? [1, 3] : [1, 2, 5];
  const every = Math.max(1, Math.ceil(decades / 7));
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += every) {
    found.push(...factors.map((factor) => Number((factor * 10 ** power).toPrecision(3))));
  }
  return found.filter((value) => value >= low * 0.999 && value <= high * 1.001).map(tick);
}

const DAY = 86_400_000;

/**
 * Ticks of dates, given in milliseconds: at first days of years or months, or at whole days or hours.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @returns {Tick[]}
 */
export function dateTicks(low, high, most) {
  const span = (high - low) / DAY;
  const months = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200].find((n) => span / (30.4 * n) <= most) ?? 1200;
  if (span / 30.4 < 2) return ticks(low / DAY, high / DAY, most).map(({ value }) => dateTick(value * DAY));
  const start = new Date(low);
  const first = Math.ceil((12 * start.getUTCFullYear() + start.getUTCMonth()) / months) * months;
  const found = Array.from({ length: 2 * most + 2 }, (_, i) => Date.UTC(1900, first + i * months - 12 * 1900));
  return found.filter((value) => value >= low && value <= high).map(dateTick);
}

/**
 * A date as the page's language writes it.
 *
 * @param {number} value milliseconds
 */
export const dateText = (value) =>
  new Date(value).toLocaleDateString(document.documentElement.lang || undefined, { timeZone: "UTC" });

/** @param {number} value */
const dateTick = (value) => ({ value, text: dateText(value) });

/** @param {number} value */
const tick = (value) => ({ value, text: Math.abs(value) < 1e4 ? number(value) : compact(value) });

/**
 * A large number in as few letters as the page's language has for it, such as 12K or 12 mil.
 *
 * @param {number} value
 */
function compact(value) {
  const digits = /** @type {const} */ ({ notation: "compact", maximumSignificantDigits: 3 });
  return value.toLocaleString(document.documentElement.lang || undefined, digits).replace("-", "−");
}

/**
 * Ticks of categories, at 0, 1, …; every so many where all would not fit.
 *
 * @param {string[]} texts
 * @param {number} most
 * @returns {Tick[]}
 */
export function categoryTicks(texts, most) {
  const every = Math.max(1, Math.ceil(texts.length / Math.max(most, 1)));
  return texts.map((text, value) => ({ value, text })).filter(({ value }) => value % every === 0);
}

/**
 * @typedef {object} AxisDrawing
 * @property {Scale} scale
 * @property {Tick[]} ticks
 * @property {"bottom" | "left"} side
 * @property {number} at the pixel of the axis line: its height below, its distance from the left beside
 * @property {number} room for the text of a tick, in pixels
 * @property {number} [grid] how far grid lines reach into the plot; none by default
 */

/**
 * The ticks and texts of an axis.
 *
 * @param {AxisDrawing} axis
 * @returns {SVGGElement}
 */
export function drawnAxis({ scale, ticks: marks, side, at, room, grid = 0 }) {
  const group = shape("g", { class: "axis", "aria-hidden": "true" });
  const shown = fittedAll(
    marks.map(({ text }) => text),
    room,
    12,
  );
  marks.forEach(({ value, text }, i) => {
    const place = Math.round(scale.place(value)) + 0.5;
    const ends = side === "bottom" ? [place, at, place, at + 4] : [at - 4, place, at, place];
    const reach = side === "bottom" ? [place, at - grid, place, at] : [at, place, at + grid, place];
    if (grid) group.append(segment("axis-grid", reach));
    group.append(segment("axis-tick", ends), tickText(text, shown[i], side, place, at));
  });
  return group;
}

/**
 * @param {string} name
 * @param {number[]} ends
 */
function segment(name, [x1, y1, x2, y2]) {
  return shape("line", { class: name, x1, y1, x2, y2 });
}

/**
 * @param {string} text
 * @param {string} shown of it
 * @param {"bottom" | "left"} side
 * @param {number} place
 * @param {number} at
 */
function tickText(text, shown, side, place, at) {
  const where =
    side === "bottom"
      ? { x: place, y: at + 17, "text-anchor": "middle" }
      : { x: at - 7, y: place + 4, "text-anchor": "end" };
  const made = shape("text", where, shown);
  if (shown !== text) made.append(shape("title", {}, text));
  return made;
}
