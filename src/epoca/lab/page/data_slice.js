// @ts-check
/** Which two columns the map shows, and at what it holds the others: the slice always says what it is. */

import { dateText } from "./axis.js";
import { labelled, menu } from "./controls.js";
import { button, saying } from "./dom.js";
import { element, setText } from "./drawing.js";
import { number, say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */
/** @typedef {{name: string, kind: string, low: number, high: number, texts: string[], value: number | string | null}} Held */

const STEPS = 100;
/** More sliders than these nobody can look through at once. */
const MOST = 40;

export class SliceControls {
  /** @param {Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.across = menu({ name: () => say("Across"), choose: (name) => this.#turn(0, name) });
    this.up = menu({ name: () => say("Up"), choose: (name) => this.#turn(1, name) });
    this.about = element("p", { class: "small" });
    this.sliders = element("div", { class: "sliders" });
    this.usual = button({
      ...{ text: () => say("All at their usual values"), kind: "quiet" },
      press: () => lab.change({ held: {} }),
    });
    const axes = element("div", { class: "fields" }, this.across.node, this.up.node);
    this.node = element("div", { class: "slice" }, saying("h3", () => say("The map")), axes, this.about, this.sliders, this.usual);
  }

  /**
   * @param {number} axis
   * @param {string} name
   */
  #turn(axis, name) {
    const axes = this.#names();
    const other = 1 - axis;
    // Whoever asks for the column of the other axis wants the two swapped.
    if (axes[other] === name) axes[other] = axes[axis];
    axes[axis] = name;
    this.lab.change({ axes });
  }

  #names() {
    return this.lab.state.axes_of.map((/** @type {{name: string}} */ { name }) => name);
  }

  /** @param {State} state */
  render({ axes_of: axes, columns, sliders, held }) {
    const inputs = columns.filter((/** @type {any} */ { role }) => role === "input");
    const choices = inputs.map((/** @type {any} */ { name }) => ({ value: name, text: name }));
    for (const [i, control] of [this.across, this.up].entries()) {
      control.offer(choices);
      control.show(axes[i]?.name ?? "");
      control.allow(choices.length > 2);
    }
    const movable = sliders.filter((/** @type {Held} */ { kind }) => kind !== "fixed");
    this.#tell(movable.length);
    this.usual.hidden = Object.keys(held).length === 0;
    if (this.sliders.contains(document.activeElement)) return;
    this.sliders.replaceChildren(...movable.slice(0, MOST).map((/** @type {Held} */ one) => this.#slider(one)));
  }

  /** @param {number} others */
  #tell(others) {
    this.about.hidden = others === 0;
    setText(this.about, sliceText(others));
  }

  /** @param {Held} held */
  #slider({ name, kind, low, high, texts, value }) {
    const hold = (/** @type {number | string} */ to) => this.lab.change({ held: { ...this.lab.state.held, [name]: to } });
    if (kind === "category") return categories(name, texts, String(value), hold);
    const text = kind === "date" ? dateText : (/** @type {number} */ at) => number(at);
    const input = element("input", { type: "range", min: low, max: high, step: (high - low) / STEPS || "any" });
    input.value = String(value);
    const output = element("output", {}, text(Number(value)));
    input.addEventListener("input", () => {
      setText(output, text(Number(input.value)));
      hold(Number(input.value));
    });
    return labelled(() => name, input, { beside: output });
  }
}

/**
 * @param {string} name
 * @param {string[]} texts
 * @param {string} value
 * @param {(text: string) => void} hold
 */
function categories(name, texts, value, hold) {
  const select = element("select", {}, ...texts.map((text) => element("option", { value: text }, text)));
  select.value = value;
  select.addEventListener("change", () => hold(select.value));
  return labelled(() => name, select);
}

/** @param {number} others columns that the map holds */
function sliceText(others) {
  if (others === 1) return say("The map is a slice: the other column lies at its usual value, unless moved here.");
  if (others <= MOST) return say("The map is a slice: the other {n} columns lie at their usual values, unless moved here.", { n: others });
  return say("The map is a slice: the other {n} columns lie at their usual values. The first {shown} can be moved here.", { n: others, shown: MOST });
}
