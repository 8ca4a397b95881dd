// @ts-check
/** The topmost canvas of the map: lines, letters, rings, the crosshair, and a point that speaks. */

import { faded, readTheme } from "./colours.js";
import { emptied } from "./drawing.js";
import { drawBorder } from "./map-border.js";
import { drawLetters, drawLine, drawPastLines } from "./map-lines.js";
import { strokeRing } from "./map-points.js";
import { drawSpeaker } from "./map-speech.js";

/** @typedef {import("./drawing-types.js").Frame} Frame */
/** @typedef {import("./map.js").DecisionMap} DecisionMap */
/** @typedef {import("./map.js").Place} Place */

const THIN = 1.2;
const STRONG = 2.4;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {DecisionMap} map
 */
export function drawTop(canvas, map) {
  const { view, frame, step, speech, reading, dragged } = map;
  const context = emptied(canvas, view.width, view.height);
  const { radius } = map.points;
  if (map.options.border) drawBorder(context, view, map.options.border);
  if (frame) drawLinesAndLetters(context, map, frame);
  if (step) {
    drawLine(context, view, step.before, { dash: [6, 5], colour: readTheme().quiet });
    drawLine(context, view, step.after);
  }
  drawTarget(context, map.placeOf(map.selectedIndex), radius);
  if (reading) drawRing(context, map.placeOf(reading.index), radius, THIN);
  if (dragged) drawRing(context, dragged.at, radius, STRONG);
  if (map.surface.crosshair) drawCrosshair(context, map.surface.crosshair, view.width, view.height);
  const speaker = map.placeOfSpeaker();
  if (speech && speaker) drawSpeaker(context, view, speech, speaker, radius);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {DecisionMap} map
 * @param {Frame} frame
 */
function drawLinesAndLetters(context, { view, classes, step, letters }, { header, planes }) {
  if (header.lines) drawPastLines(context, view, header.lines);
  if (header.line && !step) drawLine(context, view, header.line);
  // Two classes are told apart by the line, the legend and the shapes; more want a name on the spot.
  if (classes > 2 && header.map && planes.code) {
    drawLetters(context, view, letters.find(planes.code, header.map.width, header.map.height, classes));
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Place | null} at
 * @param {number} radius of the points
 * @param {number} width
 */
function drawRing(context, at, radius, width) {
  if (!at) return;
  const { page, ink } = readTheme();
  context.save();
  context.translate(at.left, at.top);
  strokeRing(context, radius + 6, faded(page, 0.9), width + 2);
  strokeRing(context, radius + 6, ink, width);
  context.restore();
}

/**
 * What is selected: a ring with four ticks, so that nobody takes it for the ring of a wrong point.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Place | null} at
 * @param {number} radius of the points
 */
function drawTarget(context, at, radius) {
  if (!at) return;
  drawRing(context, at, radius + 1, STRONG);
  const { page, ink } = readTheme();
  const [near, far] = [radius + 7, radius + 13];
  const ticks = [1, -1].map((side) => `M${side * near} 0H${side * far}M0 ${side * near}V${side * far}`).join("");
  context.save();
  context.translate(at.left, at.top);
  context.lineCap = "round";
  for (const [colour, width] of /** @type {[string, number][]} */ ([
    [faded(page, 0.9), STRONG + 2],
    [ink, STRONG],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(new Path2D(ticks));
  }
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Place} at
 * @param {number} width
 * @param {number} height
 */
function drawCrosshair(context, { left, top }, width, height) {
  const { page, ink } = readTheme();
  const path = new Path2D(`M${left} 0V${height}M0 ${top}H${width}`);
  context.strokeStyle = faded(page, 0.8);
  context.lineWidth = 3;
  context.stroke(path);
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.stroke(path);
}
