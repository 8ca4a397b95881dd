// @ts-check
/** The curves as a table for those who do not see them, renewed at most once a second. */

import { element } from "./drawing.js";
import { number, say } from "./words.js";

/** @typedef {import("./curves-data.js").RunCurves} RunCurves */

const MOST_ROWS = 50;
const PAUSE = 1000;
const KEYS = ["training", "held_out", "training_accuracy", "held_out_accuracy"];

export class CurvesTable {
  constructor() {
    this.table = element("table", { class: "hidden" });
    // A table grows with its rows whatever its height is said to be, so that a box around it hides it.
    this.node = element("div", { class: "drawing-hidden" }, this.table);
    this.timer = 0;
    this.last = -PAUSE;
  }

  /** @param {RunCurves} curves */
  renew(curves) {
    if (this.timer) return;
    const wait = Math.max(0, this.last + PAUSE - performance.now());
    // Always later, never within a frame.
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.last = performance.now();
      this.#fill(curves);
    }, wait + 1);
  }

  /** @param {RunCurves} curves */
  #fill(curves) {
    const shown = KEYS.filter((key) => curves.list(key).some(Number.isFinite));
    const heads = [say("epoch"), ...shown.map(headOf)].map((text) => element("th", { scope: "col" }, text));
    const rows = thinned(curves.length).map((epoch) => {
      const cells = shown.map((key) => element("td", {}, textOf(curves.at(key, epoch))));
      return element("tr", {}, element("th", { scope: "row" }, number(epoch, 6)), ...cells);
    });
    this.table.replaceChildren(
      element("caption", {}, say("Loss by epoch")),
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows),
    );
  }
}

/**
 * Epochs from the first to the last, evenly apart.
 *
 * @param {number} length
 */
export function thinned(length) {
  const rows = Math.min(length, MOST_ROWS);
  if (rows < 2) return rows ? [1] : [];
  return Array.from({ length: rows }, (_, i) => 1 + Math.round((i * (length - 1)) / (rows - 1)));
}

/** @param {string} key */
function headOf(key) {
  if (key === "training") return say("training loss");
  if (key === "held_out") return say("held-out loss");
  return key === "training_accuracy" ? say("training accuracy") : say("held-out accuracy");
}

/** @param {number} value */
const textOf = (value) => (Number.isFinite(value) ? number(value) : "–");
