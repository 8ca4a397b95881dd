// @ts-check
/** Where one class ends and another begins on a map: the border of a run set aside, laid over the present one's. */

import { faded, readTheme } from "./colours.js";
import { isBanded } from "./map-painter.js";
import { say } from "./words.js";

/** @typedef {import("./drawing-types.js").AxisOf} AxisOf */
/** @typedef {import("./drawing-types.js").Planes} Planes */
/** @typedef {import("./map.js").View} View */
/** @typedef {Float32Array} Ends x, y, x, y of one segment after the other, in the axes' units */
/** @typedef {{run: number, ends: Ends}} Border */

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/**
 * The border between the classes, by marching through squares of four neighbouring cells. Between two cells of other
 * classes it lies the nearer to the one that is less sure.
 *
 * @param {Required<Pick<Planes, "code" | "sureness">>} planes the lowest row first
 * @param {{width: number, height: number}} size in cells
 * @param {AxisOf[]} axes
 * @returns {Ends}
 */
export function borderOf({ code, sureness }, { width, height }, axes) {
  const [across, up] = [unitsOf(axes[0], width), unitsOf(axes[1], height)];
  /** @type {number[]} */
  const ends = [];
  for (let y = 0; y < height - 1; y += 1) {
    for (let x = 0; x < width - 1; x += 1) {
      const cells = CORNERS.map(([right, above]) => (y + above) * width + x + right);
      const crossings = CORNERS.flatMap((from, i) => {
        const [cell, next] = [cells[i], cells[(i + 1) % 4]];
        if (code[cell] === code[next]) return [];
        const share = (sureness[cell] + 1) / (sureness[cell] + sureness[next] + 2);
        return [from.map((place, axis) => place + share * (CORNERS[(i + 1) % 4][axis] - place))];
      });
      // Where three or four classes meet, all lines meet in the middle.
      const pairs = crossings.length === 2 ? crossings : crossings.flatMap((crossing) => [crossing, [0.5, 0.5]]);
      for (const [right, above] of pairs) ends.push(across(x + right), up(y + above));
    }
  }
  return Float32Array.from(ends);
}

/**
 * From numbers of cells to the units of an axis.
 *
 * @param {AxisOf} axis
 * @param {number} cells
 * @returns {(cell: number) => number}
 */
function unitsOf(axis, cells) {
  if (isBanded(axis, cells)) return (cell) => cell;
  return (cell) => axis.low + (cell / (cells - 1)) * (axis.high - axis.low);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Border} border
 */
export function drawBorder(context, view, { run, ends }) {
  const { ink, page, font } = readTheme();
  const { across, up, width } = view;
  const path = new Path2D();
  let [left, top] = [0, Infinity];
  for (let i = 0; i < ends.length; i += 4) {
    const [x, y] = [across.place(ends[i]), up.place(ends[i + 1])];
    path.moveTo(x, y);
    path.lineTo(across.place(ends[i + 2]), up.place(ends[i + 3]));
    if (y < top) [left, top] = [x, y];
  }
  if (top === Infinity) return;
  const halo = faded(page, 0.75);
  context.lineCap = "round";
  stroke(context, path, halo, 4);
  stroke(context, path, faded(ink, 0.8), 1.5);
  context.lineCap = "butt";
  const isLeft = left < width / 2;
  context.font = `12px ${font}`;
  context.textAlign = isLeft ? "left" : "right";
  context.textBaseline = "top";
  context.lineJoin = "round";
  const label = /** @type {const} */ ([say("run {id}", { id: run }), left + (isLeft ? 7 : -7), Math.max(top, 0) + 4]);
  context.strokeStyle = halo;
  context.lineWidth = 4;
  context.strokeText(...label);
  context.fillStyle = ink;
  context.fillText(...label);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Path2D} path
 * @param {string} colour
 * @param {number} width
 */
function stroke(context, path, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(path);
}
