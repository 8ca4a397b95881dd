// @ts-check
/** What stands around the map and the curves: how they are drawn, and which epoch they show. */

import { check, segmented } from "./controls.js";
import { button } from "./dom.js";
import { element, setText } from "./drawing.js";
import { say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */

export class MapControls {
  static keys = ["map_of", "member", "members", "task", "head"];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   * @param {import("./map.js").DecisionMap} map
   */
  constructor(host, lab, map) {
    this.map = map;
    this.decision = segmented({
      name: () => say("What the map shows"),
      choices: [
        { value: false, text: () => say("Probability") },
        { value: true, text: () => say("Decision") },
      ],
      choose: (decision) => this.decide(decision),
    });
    this.of = segmented({
      name: () => say("Whose map"),
      choices: [
        { value: "all", text: () => say("All") },
        { value: "member", text: () => say("One member") },
      ],
      choose: (of) => lab.change({ map_of: of }),
    });
    this.decision.show(false);
    host.append(this.decision.node, this.of.node);
  }

  /** @param {boolean} decision */
  decide(decision) {
    this.decision.show(decision);
    this.map.setOptions({ decision });
  }

  toggleDecision() {
    this.decide(!this.map.options.decision);
  }

  /** @param {State} state */
  render({ map_of: of, members, task, head }) {
    this.of.show(of);
    this.of.node.hidden = members < 2;
    // A perceptron knows no probabilities, and a number is no decision.
    this.decision.node.hidden = task === "regression" || head === "step";
  }
}

/** A tool for points drawn by hand: what a click on the map does. */
export class PointTool {
  static keys = ["can_edit", "labels", "points", "rows"];

  /**
   * @param {HTMLElement} host
   * @param {import("./map.js").DecisionMap} map
   */
  constructor(host, map) {
    this.map = map;
    this.host = host;
    this.offered = "";
    /** @type {import("./controls.js").Control<any> | null} */
    this.tool = null;
    this.hint = element("p", { class: "small" });
  }

  /** @param {State} state */
  render({ can_edit: canEdit, labels, points, rows }) {
    this.host.hidden = !canEdit;
    setText(this.hint, hintText(points?.rows.length ?? rows, rows));
    const now = JSON.stringify(labels);
    if (now === this.offered) return;
    this.offered = now;
    this.#offer(labels);
  }

  /** @param {string[]} labels */
  #offer(labels) {
    const add = labels.map((label, code) => ({ value: code, text: () => say("Add {label}", { label }) }));
    this.tool = segmented({
      ...{ name: () => say("A click on the map"), isNamed: true },
      choices: [{ value: -1, text: () => say("Pick") }, ...add],
      choose: (code) => this.#use(code),
    });
    this.host.replaceChildren(this.tool.node, this.hint);
    this.#use(-1);
  }

  /** @param {number} code of the class that is added; -1: none */
  #use(code) {
    this.tool?.show(code);
    this.map.setOptions({ tool: code < 0 ? "pick" : "add", code: Math.max(code, 0) });
  }
}

/**
 * @param {number} points there are
 * @param {number} drawn of them, as the slider says
 */
function hintText(points, drawn) {
  const hint = say("Drag a point to move it. Pick one and press Delete to remove it.");
  return points === drawn ? hint : `${hint} ${say("With those changed by hand there are {n} points.", { n: points })}`;
}

export class CurveControls {
  static keys = ["task"];

  /**
   * @param {HTMLElement} host
   * @param {import("./curves.js").Curves} curves
   */
  constructor(host, curves) {
    this.curves = curves;
    this.metric = segmented({
      name: () => say("What the curves show"),
      choices: [
        { value: "loss", text: () => say("Loss") },
        { value: "accuracy", text: () => say("Accuracy") },
        { value: "gradient", text: () => say("Gradient") },
      ],
      choose: (metric) => this.#show({ metric }),
    });
    this.log = check({ name: () => say("log scale"), choose: (logScale) => this.#show({ logScale }) });
    host.append(this.metric.node, this.log.node);
    this.#show({});
  }

  /** @param {Partial<import("./curves.js").CurvesOptions>} options */
  #show(options) {
    this.curves.setOptions(options);
    const { metric, logScale } = this.curves.options;
    this.metric.show(metric);
    this.log.show(logScale);
    this.log.allow(metric !== "accuracy");
  }

  toggleLog() {
    this.#show({ logScale: !this.curves.options.logScale });
  }

  /** @param {State} state */
  render({ task }) {
    const isRegression = task === "regression";
    this.metric.node.classList.toggle("no-accuracy", isRegression);
    if (isRegression && this.curves.options.metric === "accuracy") this.#show({ metric: "loss" });
  }
}

/** Whose weights are on the page, and the way to others. */
export class Viewed {
  static keys = ["viewed", "epoch", "step", "ideal", "status", "members"];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.text = element("span");
    this.newest = button({ text: () => say("Newest"), press: () => lab.act("view", { epoch: null }), kind: "quiet" });
    this.kept = button({
      ...{ text: () => say("Ideal"), press: () => lab.act("view", { epoch: "kept" }), kind: "quiet" },
      hint: () => say("The weights that the model keeps: each member's at its own best epoch"),
    });
    host.append(this.text, this.kept, this.newest);
  }

  /** @param {State} state */
  render({ viewed, epoch, step, ideal, status, members }) {
    const isRestored = viewed === "kept" && ideal && status === "ended";
    setText(this.text, isRestored ? restoredText(ideal.best, members) : viewedText(viewed, epoch, step));
    this.newest.disabled = viewed === null;
    this.kept.disabled = viewed === "kept" || !ideal;
  }
}

/**
 * @param {number} best
 * @param {number} members each of which is kept at its own best epoch
 */
function restoredText(best, members) {
  if (members === 1) return say("Weights restored from epoch {epoch}.", { epoch: best });
  return say("Weights restored: of each member those of its own best epoch; the ideal one is {epoch}.", { epoch: best });
}

/**
 * @param {number | "kept" | null} viewed
 * @param {number} epoch
 * @param {number} step
 */
function viewedText(viewed, epoch, step) {
  if (viewed === "kept") return say("Shown: the weights that the model keeps.");
  if (viewed !== null) return say("Shown: epoch {epoch}. Drag the handle to any other.", { epoch: viewed });
  if (step > 0) return say("Shown: step {step} after epoch {epoch}.", { step, epoch });
  return epoch === 0 ? say("Shown: the start, before anything is learned.") : say("Shown: the newest epoch, {epoch}.", { epoch });
}
