// @ts-check
/** Tiny pictures of the samples that are drawn: what their points look like, with the same few points every time. */

import { CLASSES } from "./colours.js";
import { shape } from "./drawing.js";

/** @typedef {[number, number, number]} Dot across and up, from -1 to 1, and the class */

const COUNT = 36;

/** @type {Record<string, (share: number, jitter: number) => Dot>} share: how far through the points, from 0 to 1 */
const POINTS = {
  moons: (t) => (t < 0.5 ? arc(2 * t * Math.PI, [-0.3, -0.2], 0) : arc((2 * t - 2) * Math.PI, [0.3, 0.2], 1)),
  circles: (t) => (t < 0.65 ? around((t / 0.65) * 2 * Math.PI, 0.85, 0) : around((t / 0.35) * 2 * Math.PI, 0.4, 1)),
  spirals: (t) => {
    const along = Math.sqrt((2 * t) % 1);
    return around(3 * Math.PI * along + (t < 0.5 ? 0 : Math.PI), 0.95 * along, t < 0.5 ? 0 : 1);
  },
  blobs: (t, jitter) => {
    const code = Math.floor(3 * t);
    const [x, y] = around((2 * Math.PI * code) / 3, 0.6, code);
    return [x + 0.3 * Math.cos(97 * t) * jitter, y + 0.3 * Math.sin(97 * t) * jitter, code];
  },
  xor: (t, jitter) => corner(t, jitter, [0, 1, 1, 0]),
  and: (t, jitter) => corner(t, jitter, [0, 0, 0, 1]),
  or: (t, jitter) => corner(t, jitter, [0, 1, 1, 1]),
};

/**
 * @param {number} angle
 * @param {[number, number]} middle
 * @param {number} code
 * @returns {Dot}
 */
const arc = (angle, [x, y], code) => [x + 0.6 * Math.cos(angle), y + 0.6 * Math.sin(angle), code];

/**
 * @param {number} angle
 * @param {number} radius
 * @param {number} code
 * @returns {Dot}
 */
const around = (angle, radius, code) => [radius * Math.cos(angle), radius * Math.sin(angle), code];

/**
 * @param {number} t
 * @param {number} jitter
 * @param {number[]} codes of the corners
 * @returns {Dot}
 */
function corner(t, jitter, codes) {
  const place = Math.floor(4 * t);
  const [x, y] = [place >> 1 ? 0.5 : -0.5, place & 1 ? 0.5 : -0.5];
  return [x + 0.3 * Math.cos(83 * t) * jitter, y + 0.3 * Math.sin(83 * t) * jitter, codes[place]];
}

/** @param {string} name of a sample */
export function thumbnail(name) {
  const point = POINTS[name];
  if (!point) return null;
  const dots = Array.from({ length: COUNT }, (_, i) => {
    const [x, y, code] = point(i / COUNT, Math.abs(Math.sin(12.9 * i)));
    return shape("circle", { cx: (16 + 14 * x).toFixed(1), cy: (12 - 10.5 * y).toFixed(1), r: 1.25, fill: CLASSES[code] });
  });
  return shape("svg", { viewBox: "0 0 32 24", class: "thumbnail", "aria-hidden": "true" }, ...dots);
}
