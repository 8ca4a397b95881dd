// @ts-check
/** What lies on top of the map: decision lines of this epoch and of past ones, and the letters of the classes. */

import { classLetter, faded, readTheme } from "./colours.js";

/** @typedef {import("./drawing-types.js").Line} Line */
/** @typedef {import("./map.js").View} View */

/**
 * The part of a line inside the plot, in pixels: left, top, left, top. Null where it does not cross the plot.
 *
 * @param {Line} line
 * @param {View} view
 * @returns {[number, number, number, number] | null}
 */
export function segmentOf([a, b, c], { across, up, width, height }) {
  // The same line in pixels: x = value(left) and y = value(top) are linear in left and top.
  const p = a / across.slope;
  const q = b / up.slope;
  const r = c + a * across.value(0) + b * up.value(0);
  /** @type {[number, number][]} */
  const ends = [];
  const add = (/** @type {number} */ left, /** @type {number} */ top) => {
    const isInside = left >= -1e-6 && left <= width + 1e-6 && top >= -1e-6 && top <= height + 1e-6;
    const isNew = ends.every(([x, y]) => Math.hypot(x - left, y - top) > 1e-6);
    if (isInside && isNew) ends.push([left, top]);
  };
  if (q !== 0) [0, width].forEach((left) => add(left, -(p * left + r) / q));
  if (p !== 0) [0, height].forEach((top) => add(-(q * top + r) / p, top));
  return ends.length < 2 ? null : [...ends[0], ...ends[1]];
}

/**
 * A line with a halo of the page's colour, so that it is seen on every colour of the map.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Line} line
 * @param {{dash?: number[], width?: number, colour?: string}} [look]
 */
export function drawLine(context, view, line, { dash = [], width = 2, colour } = {}) {
  const ends = segmentOf(line, view);
  if (!ends) return;
  const { ink, page } = readTheme();
  context.setLineDash([]);
  strokeSegment(context, ends, faded(page, 0.7), width + 2.5);
  context.setLineDash(dash);
  strokeSegment(context, ends, colour ?? ink, width);
  context.setLineDash([]);
}

/**
 * The lines of past epochs, the later the stronger.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {[number, number, number, number][]} lines
 */
export function drawPastLines(context, view, lines) {
  const { ink } = readTheme();
  lines.forEach(([, a, b, c], i) => {
    const ends = segmentOf([a, b, c], view);
    const share = (i + 1) / lines.length;
    if (ends) strokeSegment(context, ends, faded(ink, 0.03 + 0.27 * share ** 2), 1);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number, number, number]} ends
 * @param {string} colour
 * @param {number} width
 */
function strokeSegment(context, [x1, y1, x2, y2], colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** @typedef {{code: number, left: number, top: number}} Letter places as shares of the plot, from its top left */

/** Categories have one cell each, in which no place is deeper than another. */
const LEAST_CELLS = 40;

/**
 * The same plane with more cells along an axis that has few.
 *
 * @param {Uint8Array} code
 * @param {number} width
 * @param {number} height
 * @returns {[Uint8Array, number, number]}
 */
function stretched(code, width, height) {
  const [across, up] = [width, height].map((cells) => Math.ceil(LEAST_CELLS / cells));
  const [wide, high] = [width * across, height * up];
  const cells = new Uint8Array(wide * high);
  for (let row = 0, cell = 0; row < high; row += 1) {
    const from = Math.floor(row / up) * width;
    for (let column = 0; column < wide; column += 1, cell += 1) cells[cell] = code[from + Math.floor(column / across)];
  }
  return [cells, wide, high];
}

/** Finds where the letters of the classes go, and keeps them there while the place is about as good as any. */
export class LetterPlaces {
  constructor() {
    /** @type {Map<number, number>} the cell of each class's letter */
    this.cells = new Map();
    this.depth = new Uint8Array(0);
  }

  /**
   * @param {Uint8Array} code
   * @param {number} width
   * @param {number} height
   * @param {number} classes
   * @returns {Letter[]}
   */
  find(code, width, height, classes) {
    if (Math.min(width, height) < LEAST_CELLS) return this.find(...stretched(code, width, height), classes);
    if (this.depth.length !== code.length) this.depth = new Uint8Array(code.length);
    measureDepth(code, width, height, this.depth);
    const deepest = deepestCells(code, this.depth, classes);
    return deepest.flatMap((cell, of) => {
      if (cell < 0 || this.depth[cell] < 3) return [];
      const kept = this.cells.get(of);
      const stays = kept !== undefined && code[kept] === of && this.depth[kept] >= 0.75 * this.depth[cell];
      const at = stays ? kept : cell;
      this.cells.set(of, at);
      const [column, row] = [at % width, Math.floor(at / width)];
      return [{ code: of, left: (column + 0.5) / width, top: 1 - (row + 0.5) / height }];
    });
  }
}

/**
 * How many cells each cell is away from another class or from the edge, at most 255: one pass down, one up.
 *
 * @param {Uint8Array} code
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array} depth written
 */
function measureDepth(code, width, height, depth) {
  for (let row = 0, cell = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, cell += 1) {
      const isInner = row > 0 && column > 0 && code[cell - 1] === code[cell] && code[cell - width] === code[cell];
      depth[cell] = isInner ? Math.min(depth[cell - 1], depth[cell - width], depth[cell - width - 1], 254) + 1 : 1;
    }
  }
  for (let row = height - 1, cell = code.length - 1; row >= 0; row -= 1) {
    for (let column = width - 1; column >= 0; column -= 1, cell -= 1) {
      const isInner =
        row < height - 1 && column < width - 1 && code[cell + 1] === code[cell] && code[cell + width] === code[cell];
      const around = isInner ? Math.min(depth[cell + 1], depth[cell + width], depth[cell + width + 1]) + 1 : 1;
      if (around < depth[cell]) depth[cell] = around;
    }
  }
}

/**
 * @param {Uint8Array} code
 * @param {Uint8Array} depth
 * @param {number} classes
 */
function deepestCells(code, depth, classes) {
  const deepest = new Array(classes).fill(-1);
  for (let cell = 0; cell < code.length; cell += 1) {
    const best = deepest[code[cell]];
    if (best < 0 || depth[cell] > depth[best]) deepest[code[cell]] = cell;
  }
  return deepest;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Letter[]} letters
 */
export function drawLetters(context, view, letters) {
  const { font, ink, page } = readTheme();
  context.font = `600 17px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = faded(page, 0.85);
  context.fillStyle = ink;
  for (const { code, left, top } of letters) {
    context.strokeText(classLetter(code), left * view.width, top * view.height);
    context.fillText(classLetter(code), left * view.width, top * view.height);
  }
}
