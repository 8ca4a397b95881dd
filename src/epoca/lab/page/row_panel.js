// @ts-check
/** One row: every number on its way through the network and back, and what it says to the line. */

import { saying, table } from "./dom.js";
import { element, setText } from "./drawing.js";
import { activationText, productText, updateLines } from "./row_formulas.js";
import { number, percent, say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */
/** @typedef {import("./row_formulas.js").Trace} Trace */
/** @typedef {import("./row_formulas.js").Speech} Speech */
/** @typedef {{row: number | null, line?: number, cells?: Record<string, any>, names: string[], trace: Trace, predicted: number | null}} Answer */

const PAUSE = 250;
/** Of wider layers the first neurons only. */
const MOST = 24;

export class RowPanel {
  static keys = ["labels", "task", "target", "serial", "member", "frozen", "viewed"];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.lab = lab;
    /** @type {Answer | null} */
    this.answer = null;
    /** @type {Speech | null} */
    this.speech = null;
    this.isAsking = false;
    this.askedAt = 0;
    this.empty = saying("p", () => say("Click a point on the map, or any place on it: here stands every number on its way through the network."), { class: "empty" });
    this.body = element("div", { class: "row-body" });
    this.said = element("div", { class: "speech" });
    host.append(this.empty, this.said, this.body);
    this.host = host;
  }

  /**
   * Asks for the numbers of the row that is looked at, unless nobody looks.
   *
   * @returns {Promise<void>}
   */
  async ask() {
    const { asked } = this.lab.selection;
    if (!asked || this.host.hidden || this.isAsking) return;
    this.isAsking = true;
    this.askedAt = performance.now();
    const answer = await this.lab.ask("row", asked);
    this.isAsking = false;
    if (asked !== this.lab.selection.asked) return this.ask();
    this.answer = answer ?? null;
    this.#show();
  }

  /** Nothing is looked at. */
  forget() {
    this.answer = null;
    this.#show();
  }

  /** After a frame the numbers are other ones. */
  draw() {
    if (performance.now() - this.askedAt > PAUSE) this.ask();
  }

  /** @param {Speech | null} speech of the point that was learned from last */
  showSpeech(speech) {
    this.speech = speech;
    this.#show();
  }

  /** @param {State} _state */
  render(_state) {
    this.ask();
    this.#show();
  }

  #show() {
    const { answer, speech } = this;
    this.empty.hidden = answer !== null || speech !== null;
    this.said.replaceChildren(...(speech ? speechParts(speech, this.lab.state) : []));
    this.body.replaceChildren(...(answer ? this.#parts(answer) : []));
  }

  /** @param {Answer} answer */
  #parts(answer) {
    const { trace } = answer;
    const chosen = this.lab.selection.neuron ?? { layer: trace.sums.length - 1, index: 0 };
    const top = element("div", {}, element("h3", {}, titleOf(answer)), this.#cells(answer), element("p", {}, this.#outcome(answer)));
    return [top, this.#layers(answer, chosen), this.#neuron(answer, chosen)];
  }

  /** @param {Answer} answer */
  #cells({ cells, names, trace }) {
    /** @type {[string, any][]} */
    const shown = cells ? Object.entries(cells) : names.map((name, i) => [name, trace.inputs[i]]);
    const items = shown.slice(0, MOST).map(([name, value]) => {
      const text = value === null ? say("missing") : typeof value === "number" ? number(value) : String(value);
      return element("div", {}, element("dt", {}, name), element("dd", {}, text));
    });
    return element("dl", { class: "cells" }, ...items);
  }

  /** @param {Answer} answer */
  #outcome({ trace, cells, predicted }) {
    const { labels, task, target } = this.lab.state;
    const happened = cells ? happenedText(cells[target], task) : null;
    const code = trace.head === "step" ? stepCode(trace) : trace.outputs.indexOf(Math.max(...trace.outputs));
    const label = task === "regression" ? number(predicted ?? NaN) : (labels[code] ?? "");
    const isSure = task === "classification" && trace.head !== "step";
    const told = !isSure ? say("Predicted: {label}.", { label }) : say("Predicted: {label}, with {share}.", { label, share: percent(trace.outputs[code]) });
    if (happened === null) return told;
    const loss = trace.loss === null || task === "regression" ? "" : say("Its error: {loss}.", { loss: number(trace.loss) });
    return [told, say("It happened: {happened}.", { happened }), loss].join(" ");
  }

  /**
   * @param {Answer} answer
   * @param {{layer: number, index: number}} chosen
   */
  #layers({ trace }, chosen) {
    const lines = trace.sums.flatMap((sums, layer) =>
      sums.slice(0, MOST).map((sum, index) => {
        const after = trace.activations[layer]?.[index] ?? outputOf(trace, index);
        const gradient = trace.gradient?.[layer].bias[index];
        return [this.#pick(trace, layer, index, chosen), number(sum), number(after), number(gradient)];
      }),
    );
    const headings = [say("neuron"), say("sum"), say("gives"), say("gradient of its bias")];
    return table(headings, lines, { caption: say("Forward to the outputs, and back to the biases") });
  }

  /**
   * @param {Trace} trace
   * @param {number} layer
   * @param {number} index
   * @param {{layer: number, index: number}} chosen
   */
  #pick(trace, layer, index, chosen) {
    const isChosen = layer === chosen.layer && index === chosen.index;
    const node = element("button", { type: "button", class: "link", "aria-pressed": String(isChosen) });
    setText(node, neuronName(trace, layer, index, this.lab.state.labels));
    node.addEventListener("click", () => {
      this.lab.selection.neuron = { layer, index };
      this.#show();
    });
    return node;
  }

  /**
   * A neuron's formula with the numbers of this row, and the gradient of each of its weights.
   *
   * @param {Answer} answer
   * @param {{layer: number, index: number}} chosen
   */
  #neuron({ trace, names }, { layer, index }) {
    const weights = trace.weights[layer]?.map((line) => line[index]);
    if (!weights || weights[0] === undefined) return element("div");
    const inputs = layer === 0 ? trace.inputs : trace.activations[layer - 1];
    const { labels } = this.lab.state;
    const nameOf = (/** @type {number} */ i) => (layer === 0 ? names[i] : neuronName(trace, layer - 1, i, labels));
    const lines = weights.map((weight, i) => {
      const gradient = trace.gradient?.[layer].weights[i][index];
      return [nameOf(i), number(inputs[i]), number(weight), number(weight * inputs[i]), number(gradient)];
    });
    const bias = trace.biases[layer][index];
    lines.push([say("bias"), "1", number(bias), number(bias), number(trace.gradient?.[layer].bias[index])]);
    const headings = [say("from"), say("value"), say("weight"), say("product"), say("gradient")];
    const name = neuronName(trace, layer, index, labels);
    const formula = element("p", { class: "formula" }, productText(weights, inputs, bias, trace.sums[layer][index]));
    const after = element("p", { class: "formula" }, activationText(trace, layer, index));
    return element("div", {}, table(headings, lines, { caption: name }), formula, after);
  }
}

/**
 * A class, or a number of which the page writes what the file wrote in its own way.
 *
 * @param {any} cell
 * @param {string} task
 */
const happenedText = (cell, task) => (task === "regression" && Number.isFinite(Number(cell)) ? number(Number(cell)) : String(cell));

/**
 * @param {Trace} trace
 * @param {number} layer
 * @param {number} index
 * @param {string[]} labels of the classes, one an output
 */
function neuronName({ sums }, layer, index, labels) {
  if (layer === sums.length - 1) return sums[layer].length === 1 ? say("output") : say("output {name}", { name: labels[index] });
  return say("layer {layer}, neuron {n}", { layer: layer + 1, n: index + 1 });
}

/** @param {Answer} answer */
function titleOf({ row, line }) {
  if (row === null) return say("A place on the map");
  return line === undefined || line === null ? say("Row {row}", { row }) : say("Row {row}, line {line} of the file", { row, line });
}

/** @param {Trace} trace */
function stepCode({ sums }) {
  const last = sums[sums.length - 1];
  return last.length === 1 ? Number(last[0] >= 0) : last.indexOf(Math.max(...last));
}

/**
 * @param {Trace} trace
 * @param {number} index
 */
function outputOf(trace, index) {
  if (trace.head === "step") return trace.sums[trace.sums.length - 1].length === 1 ? stepCode(trace) : Number(stepCode(trace) === index);
  return trace.outputs[trace.head === "logistic" ? 1 : index];
}

/**
 * @param {Speech} speech
 * @param {State} state
 */
function speechParts(speech, { inputs }) {
  const title = say("Row {row} says: “{text}”", { row: speech.row, text: speech.text });
  const lines = updateLines(speech, inputs).map((line) => element("p", { class: "formula" }, line));
  return [element("h3", {}, title), element("p", {}, ruleText(speech)), ...lines];
}

/** @param {Speech} speech */
function ruleText({ rule, says }) {
  if (rule === "perceptron") {
    return says === "fine"
      ? say("The perceptron leaves the line alone: the point is on its side.")
      : say("The perceptron moves the line only for a point on the wrong side.");
  }
  return says === "away"
    ? say("The neuron never rests: even a point on its side pushes the line away, the less the surer it is.")
    : say("On the wrong side the point pulls the line, the more the surer the neuron was.");
}
