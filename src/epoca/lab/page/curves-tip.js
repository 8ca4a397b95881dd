// @ts-check
/** The numbers at one epoch: a thin line across the curves, and a small window beside it. */

import { element, setAttributes, setBox, shape } from "./drawing.js";
import { number, say } from "./words.js";

/** @typedef {import("./curves-scales.js").Area} Area */

/**
 * @typedef {object} Entry
 * @property {string} name of the class that colours it
 * @property {string} text
 * @property {number} value
 * @property {number} y
 * @property {[number, number]} [range]
 */

export class EpochTip {
  constructor() {
    this.node = element("div", { class: "curves-tip", hidden: true, "aria-hidden": "true" });
    this.line = shape("line", { class: "crosshair", visibility: "hidden" });
    this.dots = shape("g");
    this.group = shape("g", { "aria-hidden": "true" }, this.line, this.dots);
  }

  hide() {
    this.node.hidden = true;
    this.line.setAttribute("visibility", "hidden");
    this.dots.replaceChildren();
  }

  /**
   * @param {number} epoch
   * @param {number} x
   * @param {Area} area
   * @param {Entry[]} entries
   */
  show(epoch, x, { left, top, width, height }, entries) {
    setAttributes(this.line, { x1: x, x2: x, y1: top, y2: top + height, visibility: "visible" });
    const known = entries.filter(({ value }) => Number.isFinite(value));
    this.dots.replaceChildren(
      ...known.map(({ name, y }) => shape("circle", { class: `dot ${name}`, cx: x, cy: y, r: 4 })),
    );
    const rows = known.map(({ name, text, value, range }) => {
      const between = range ? ` (${number(range[0], 3)}–${number(range[1], 3)})` : "";
      return element("p", { class: name }, element("span", {}, text), element("b", {}, number(value)), between);
    });
    this.node.replaceChildren(element("p", {}, say("epoch {epoch}", { epoch: number(epoch, 6) })), ...rows);
    this.node.hidden = false;
    const isLeft = x > left + width / 2;
    setBox(this.node, { left: isLeft ? x - this.node.offsetWidth - 12 : x + 12, top: top + 6 });
  }
}
