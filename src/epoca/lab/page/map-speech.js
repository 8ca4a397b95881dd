// @ts-check
/** A point that speaks: its ring, the arrow along which it pulls the line, and its bubble. */

import { faded, readTheme } from "./colours.js";
import { element, setBox, setText, within } from "./drawing.js";
import { strokeRing } from "./map-points.js";

/** @typedef {import("./map.js").View} View */

/**
 * @typedef {object} Speech
 * @property {number} row
 * @property {string} text
 * @property {{dx: number, dy: number, length: number} | null} [arrow] dx and dy: a direction in the units of the axes;
 *   length: from 0 to 1, where 1 is a quarter of the plot
 */

/** @typedef {{left: number, top: number}} Place */

/**
 * Where the arrow of a point at (0, 0) ends, in pixels; null for an arrow too short to be seen.
 *
 * @param {Speech["arrow"]} arrow
 * @param {View} view
 * @returns {Place | null}
 */
function tipOf(arrow, view) {
  if (!arrow) return null;
  const [x, y] = [arrow.dx * view.across.slope, arrow.dy * view.up.slope];
  const far = (within(arrow.length, 0, 1) * view.width) / 4;
  const length = Math.hypot(x, y);
  return length === 0 || far < 2 ? null : { left: (x / length) * far, top: (y / length) * far };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Speech} speech
 * @param {Place} at
 * @param {number} radius of the points
 */
export function drawSpeaker(context, view, speech, at, radius) {
  const { ink, page } = readTheme();
  context.save();
  context.translate(at.left, at.top);
  strokeRing(context, radius + 5, faded(page, 0.9), 5);
  strokeRing(context, radius + 5, ink, 2.4);
  const tip = tipOf(speech.arrow, view);
  if (tip) {
    const far = Math.hypot(tip.left, tip.top);
    context.rotate(Math.atan2(tip.top, tip.left));
    // The arrow begins at the ring, so that even a short one is seen whole.
    drawArrow(context, radius + 7, radius + 7 + far, faded(page, 0.9), 6);
    drawArrow(context, radius + 7, radius + 7 + far, ink, 2.4);
  }
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} from
 * @param {number} to
 * @param {string} colour
 * @param {number} width
 */
function drawArrow(context, from, to, colour, width) {
  const head = Math.min(8, (to - from) * 0.6 + 2);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(from, 0);
  context.lineTo(to, 0);
  context.moveTo(to - head, -0.6 * head);
  context.lineTo(to, 0);
  context.lineTo(to - head, 0.6 * head);
  context.stroke();
}

/** The bubble is an element, not a picture: it can be read aloud, selected and translated. */
export class Bubble {
  constructor() {
    this.node = element("div", { class: "map-bubble", hidden: true });
  }

  hide() {
    this.node.hidden = true;
  }

  /**
   * Beside the point, away from its arrow, and inside the plot.
   *
   * @param {View} view
   * @param {Speech} speech
   * @param {Place} at
   */
  show(view, speech, at) {
    setText(this.node, speech.text);
    this.node.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.node;
    const tip = tipOf(speech.arrow, view);
    const isBelow = tip !== null && tip.top < 0 ? at.top + height + 22 < view.height : at.top - height - 22 < 0;
    const left = within(at.left - width / 2, 4, Math.max(4, view.width - width - 4));
    const top = isBelow ? at.top + 18 : at.top - height - 18;
    setBox(this.node, { left, top: within(top, 4, Math.max(4, view.height - height - 4)) });
    this.node.classList.toggle("is-below", isBelow);
    this.node.style.setProperty("--beak", `${within(at.left - left, 12, Math.max(12, width - 12))}px`);
  }
}
