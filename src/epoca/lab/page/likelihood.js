// @ts-check
/** The likelihood: the probability that the model gave to what happened, row by row, and all of it together. */

import { faded, readTheme } from "./colours.js";
import { button, table } from "./dom.js";
import { element, emptied, onWidth } from "./drawing.js";
import { againstMenu } from "./runs.js";
import { number, percent, say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */

/**
 * @typedef {object} Model
 * @property {number[]} probabilities
 * @property {number | null} product
 * @property {number | null} underflow after so many rows the product is 0 to a computer
 * @property {number | null} sum of −ln
 * @property {number | null} mean
 * @property {number | null} worst place among the rows
 */

/** @typedef {Model & {rows: number[], other?: Model, is_held_out: boolean}} Likelihood */

const PAUSE = 500;
const HEIGHT = 96;
const WORST = 5;

export class LikelihoodPanel {
  static keys = ["task", "head", "labels", "runs", "serial", "viewed"];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.lab = lab;
    this.host = host;
    /** @type {Likelihood | null} */
    this.told = null;
    this.isAsking = false;
    this.askedAt = 0;
    this.sentence = element("p", { class: "finding" });
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.bars = element("div", { class: "bars" }, this.canvas);
    this.tables = element("div", { class: "side-by-side" });
    this.about = element("p");
    host.append(this.about, element("div", { class: "row" }, againstMenu(lab).node), this.sentence, this.bars, this.tables);
    lab.pinned.on(() => this.ask());
    onWidth(this.bars, () => this.#drawBars());
  }

  async ask() {
    if (this.host.hidden || this.isAsking) return;
    this.isAsking = true;
    this.askedAt = performance.now();
    try {
      this.told = await this.lab.model.ask("likelihood", { run: this.lab.pinned.chosen });
      this.sentence.textContent = "";
    } catch (refusal) {
      this.told = null;
      this.sentence.textContent = /** @type {Error} */ (refusal).message;
    }
    this.isAsking = false;
    this.#show();
  }

  draw() {
    if (performance.now() - this.askedAt > PAUSE) this.ask();
  }

  /** @param {State} _state */
  render(_state) {
    this.ask();
    this.#show();
  }

  #show() {
    const { told } = this;
    this.bars.hidden = !told;
    this.about.textContent = told?.is_held_out === false
      ? say("Each bar is a training row: the probability given to what happened there, by all members, which have learned from it. The better model has the larger product, or the smaller sum of −ln.")
      : say("Each bar is a training row: the probability given to what happened there by the members that held it out. The better model has the larger product, or the smaller sum of −ln.");
    this.tables.replaceChildren(...(told ? [modelsTable(told), this.#worst(told)] : []));
    this.#drawBars();
  }

  #drawBars() {
    const { told } = this;
    const width = this.bars.clientWidth;
    if (!told || width === 0) return;
    const { training, quiet, line } = readTheme();
    const context = emptied(this.canvas, width, HEIGHT);
    context.fillStyle = line;
    context.fillRect(0, HEIGHT - 1, width, 1);
    const each = width / told.probabilities.length;
    const wide = Math.max(each - (each > 3 ? 1 : 0), 0.5);
    context.fillStyle = told.other ? faded(training, 0.7) : training;
    told.probabilities.forEach((share, i) => context.fillRect(i * each, HEIGHT * (1 - share), wide, HEIGHT * share));
    context.fillStyle = quiet;
    told.other?.probabilities.forEach((share, i) => context.fillRect(i * each, HEIGHT * (1 - share) - 1, Math.max(wide, 1), 2));
  }

  /** @param {Likelihood} told */
  #worst({ rows, probabilities }) {
    const places = probabilities.map((_, i) => i).sort((one, other) => probabilities[one] - probabilities[other]);
    const lines = places.slice(0, WORST).map((i) => [this.#rowButton(rows[i]), percent(probabilities[i], 2), number(-Math.log(probabilities[i]))]);
    return table([say("row"), say("probability"), "−ln"], lines, { caption: say("What the model thought least likely") });
  }

  /** @param {number} row */
  #rowButton(row) {
    return button({ text: () => say("row {row}", { row }), press: () => this.lab.selectRow({ row }), kind: "link" });
  }
}

/** @param {Likelihood} told */
function modelsTable(told) {
  const models = told.other ? [told, told.other] : [told];
  const headings = ["", say("this model"), ...(told.other ? [say("the other run (lines)")] : [])];
  const lines = [
    [say("product of the probabilities"), ...models.map(productOf)],
    [say("sum of −ln"), ...models.map(({ sum }) => number(sum ?? Infinity))],
    [say("mean: the cross-entropy"), ...models.map(({ mean }) => number(mean ?? Infinity))],
  ];
  return table(headings, lines, { caption: say("All {n} training rows together", { n: told.rows.length }) });
}

/** @param {Model} model */
function productOf({ product, underflow }) {
  if (product !== null) return number(product);
  return say("0 to a computer, from row {n} on: too small to write", { n: underflow ?? 0 });
}
