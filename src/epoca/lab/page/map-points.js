// @ts-check
/** The rows of the table on the map: a shape and colour a class, hollow for test rows, ringed where wrong. */

import { classColour, faded, numberColour, readTheme } from "./colours.js";
import { contextOf, emptied } from "./drawing.js";
import { symbolPath } from "./symbols.js";

/** @typedef {import("./drawing-types.js").Points} Points */
/** @typedef {import("./map.js").View} View */

const NO_POINTS = { rows: [], x: [], y: [], target: [], part: [] };
const COLOURS_OF_NUMBERS = 32;
const OUTLINE = "rgb(255 255 255 / 0.9)";
const EDGE = "rgb(20 20 20 / 0.65)";

export class PointLayer {
  constructor() {
    this.canvas = document.createElement("canvas");
    /** @type {Points} */
    this.points = NO_POINTS;
    this.left = new Float32Array(0);
    this.top = new Float32Array(0);
    this.radius = 4.5;
    this.drawnAs = "";
    /** @type {Uint8Array | undefined} the classes predicted, as drawn */
    this.codes = undefined;
    /** @type {Map<string, HTMLCanvasElement>} */
    this.sprites = new Map();
  }

  /** The next drawing makes everything anew. */
  forget() {
    this.sprites.clear();
    this.drawnAs = "";
  }

  /**
   * @param {Points | null | undefined} points
   * @param {View} view
   */
  place(points, view) {
    this.points = points ?? NO_POINTS;
    const { x, y } = this.points;
    this.radius = x.length > 1200 ? 3 : x.length > 400 ? 3.75 : 4.75;
    // A row whose value is missing stands nowhere.
    this.left = Float32Array.from(x, (value) => (value === null ? Number.NaN : view.across.place(value)));
    this.top = Float32Array.from(y, (value) => (value === null ? Number.NaN : view.up.place(value)));
    this.forget();
  }

  /**
   * Draws all points, unless they would look as they do.
   *
   * @param {View} view
   * @param {{predicted: Uint8Array | undefined, range: [number, number] | null}} what range: of the colours of numbers
   */
  draw(view, { predicted, range }) {
    const { target } = this.points;
    // Of another run than the points, until the state follows.
    const codes = predicted?.length === target.length ? predicted : undefined;
    const look = range ? range.join(" ") : "classes";
    if (look === this.drawnAs && isSame(codes, this.codes)) return;
    this.drawnAs = look;
    this.codes = codes;
    const context = emptied(this.canvas, view.width, view.height);
    const isWrong = (/** @type {number} */ i) => !range && codes !== undefined && codes[i] !== target[i];
    const order = target.map((_, i) => i);
    // Wrong ones come last: they are the ones to see.
    for (const i of order) if (!isWrong(i)) this.#stamp(context, i, false, range);
    for (const i of order) if (isWrong(i)) this.#stamp(context, i, true, range);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} i
   * @param {boolean} isWrong
   * @param {[number, number] | null} range
   */
  #stamp(context, i, isWrong, range) {
    const [left, top] = [this.left[i], this.top[i]];
    if (!Number.isFinite(left) || !Number.isFinite(top)) return;
    const isHollow = this.points.part[i] === "test";
    const sprite = this.#sprite({ ...this.#kind(i, range), isHollow, isWrong, isNumber: range !== null });
    const half = this.radius + 6;
    context.drawImage(sprite, left - half, top - half, 2 * half, 2 * half);
  }

  /**
   * @param {number} i
   * @param {[number, number] | null} range
   */
  #kind(i, range) {
    const target = this.points.target[i];
    if (!range) return { code: target, colour: classColour(target) };
    const share = (target - range[0]) / (range[1] - range[0] || 1);
    const step = Math.round(Math.min(Math.max(share, 0), 1) * COLOURS_OF_NUMBERS);
    return { code: 0, colour: numberColour(step / COLOURS_OF_NUMBERS) };
  }

  /**
   * @param {{code: number, colour: string, isHollow: boolean, isWrong: boolean, isNumber: boolean}} look
   */
  #sprite(look) {
    const key = `${look.code} ${look.colour} ${look.isHollow} ${look.isWrong}`;
    let sprite = this.sprites.get(key);
    if (!sprite) {
      sprite = document.createElement("canvas");
      const half = this.radius + 6;
      const context = emptied(sprite, 2 * half, 2 * half);
      context.translate(half, half);
      drawPoint(context, { ...look, radius: this.radius });
      this.sprites.set(key, sprite);
    }
    return sprite;
  }

  /**
   * The point nearest to a place of the plot, as an index into the points, or -1.
   *
   * @param {number} left
   * @param {number} top
   * @param {number} reach in pixels
   */
  nearest(left, top, reach) {
    let found = -1;
    let least = reach * reach;
    for (let i = 0; i < this.left.length; i += 1) {
      const distance = (this.left[i] - left) ** 2 + (this.top[i] - top) ** 2;
      if (distance <= least) [found, least] = [i, distance];
    }
    return found;
  }

  /** @param {number | null | undefined} row */
  indexOf(row) {
    return row === null || row === undefined ? -1 : this.points.rows.indexOf(row);
  }
}

/**
 * @param {Uint8Array | undefined} one
 * @param {Uint8Array | undefined} other
 */
function isSame(one, other) {
  if (one === other) return true;
  if (!one || !other || one.length !== other.length) return false;
  for (let i = 0; i < one.length; i += 1) if (one[i] !== other[i]) return false;
  return true;
}

/**
 * One point around (0, 0).
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{code: number, colour: string, radius: number, isHollow: boolean, isWrong: boolean, isNumber?: boolean}} look
 */
export function drawPoint(context, { code, colour, radius, isHollow, isWrong, isNumber = false }) {
  const { page, ink } = readTheme();
  const path = new Path2D(symbolPath(code, radius));
  context.lineJoin = "round";
  if (isWrong) {
    // The page's colour around the ink's: one of both stands out from whatever lies behind.
    const [away, width] = radius < 4 ? [2.4, 1.1] : [3.5, 1.6];
    strokeRing(context, radius + away, faded(page, 0.9), width + 1.8);
    strokeRing(context, radius + away, ink, width);
  }
  // Numbers have every shade, white among them, so that their outline has a dark edge.
  if (isNumber) strokePath(context, path, EDGE, isHollow ? 6 : 3.6);
  strokePath(context, path, OUTLINE, isHollow ? 4.6 : 2.2);
  context.fillStyle = isHollow ? page : colour;
  context.fill(path);
  if (isHollow) strokePath(context, path, colour, 2);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Path2D} path
 * @param {string} colour
 * @param {number} width
 */
function strokePath(context, path, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(path);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} radius
 * @param {string} colour
 * @param {number} width
 */
export function strokeRing(context, radius, colour, width) {
  const ring = new Path2D();
  ring.arc(0, 0, radius, 0, 2 * Math.PI);
  strokePath(context, ring, colour, width);
}

/**
 * A small canvas with one point, for a legend.
 *
 * @param {Omit<Parameters<typeof drawPoint>[1], "radius">} look
 */
export function pointSample(look) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  const context = emptied(canvas, 20, 20);
  context.translate(10, 10);
  drawPoint(contextOf(canvas), { ...look, radius: 4.25 });
  return canvas;
}
