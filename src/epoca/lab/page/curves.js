// @ts-check
/** The curves: training and held-out error by epoch, the ideal epoch, and a handle that goes back to past ones. */

import { drawnAxis } from "./axis.js";
import { faded, onTheme, readTheme } from "./colours.js";
import { KEYS, RunCurves } from "./curves-data.js";
import { EpochHandle } from "./curves-handle.js";
import { fillBand, strokeCurve } from "./curves-lines.js";
import { EndLabels, drawFlag, drawShades, roomForNames } from "./curves-marks.js";
import { axisName, endLabel, hatch, lineName, pinnedCurve, uprightName } from "./curves-parts.js";
import { epochScale, epochTicks, valueScale, valueTicks } from "./curves-scales.js";
import { CurvesTable } from "./curves-table.js";
import { EpochTip } from "./curves-tip.js";
import { element, emptied, nextId, onWidth, setAttributes, setBox, shape } from "./drawing.js";
import { onLanguage, say } from "./words.js";

/** @typedef {import("./axis.js").Scale} Scale */
/** @typedef {import("./curves-data.js").Metric} Metric */
/** @typedef {import("./curves-lines.js").Scales} Scales */
/** @typedef {import("./curves-parts.js").PinnedCurve} PinnedCurve */
/** @typedef {import("./drawing-types.js").Header} Header */
/** @typedef {import("./drawing-types.js").PinnedRun} PinnedRun */
/** @typedef {Partial<import("./drawing-types.js").State>} State */

/**
 * @typedef {object} CurvesOptions
 * @property {(epoch: number | null) => void} onView the epoch asked for; null: the newest
 * @property {Metric} metric
 * @property {boolean} logScale of losses and gradients
 * @property {PinnedRun["id"][] | null} pinned runs whose curves lie under these; null: all of the state's
 * @property {number} height in pixels
 */

const MARGIN = { left: 58, top: 26, bottom: 44 };
const WIDE = 480;
/** Dashes by which pinned runs are told apart. */
const DASHES = [
  [6, 4],
  [2, 3],
  [10, 4, 2, 4],
  [1, 4],
];

/** @type {Record<string, {name: string, width: number}>} */
const LOOKS = {
  training: { name: "training", width: 1.75 },
  held_out: { name: "held-out", width: 2.25 },
  training_accuracy: { name: "training", width: 1.75 },
  held_out_accuracy: { name: "held-out", width: 2.25 },
  gradient: { name: "training", width: 1.75 },
};

export class Curves {
  /**
   * @param {HTMLElement} host
   * @param {Partial<CurvesOptions>} [options]
   */
  constructor(host, options = {}) {
    this.host = element("div", { class: "curves" });
    host.append(this.host);
    /** @type {CurvesOptions} */
    this.options = { onView: () => {}, metric: "loss", logScale: false, pinned: null, height: 240, ...options };
    /** @type {State} */
    this.state = {};
    this.curves = new RunCurves();
    /** @type {PinnedCurve[]} */
    this.pinned = [];
    this.area = { left: 0, top: 0, width: 0, height: 0 };
    /** @type {Scales | null} */
    this.scales = null;
    /** @type {number | null} */
    this.pointed = null;
    this.drawnAs = { axes: "", marks: "" };
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.shades = shape("g");
    this.axes = shape("g", { "aria-hidden": "true" });
    this.flag = shape("g", { class: "ideal-flag" });
    this.labels = new EndLabels();
    this.tip = new EpochTip();
    this.table = new CurvesTable();
    this.handle = new EpochHandle({
      onView: (epoch) => this.options.onView(epoch),
      onPoint: (epoch) => this.#point(epoch),
    });
    this.pattern = nextId();
    this.back = shape("svg", { class: "curves-back" }, hatch(this.pattern), this.shades, this.axes);
    this.front = shape("svg", { class: "curves-front" }, this.flag, this.labels.group, this.tip.group);
    const { surface, node: handle } = this.handle;
    this.body = element(
      "div",
      { class: "curves-body" },
      this.back,
      this.canvas,
      this.front,
      surface,
      handle,
      this.tip.node,
    );
    this.host.append(this.body, this.table.node);
    onWidth(this.host, () => this.#layOut());
    onTheme(() => this.#layOut());
    onLanguage(() => this.#layOut());
  }

  /** @param {State} state the whole state, or keys that changed */
  setState(state) {
    this.state = { ...this.state, ...state };
    if (state.runs) this.pinned = state.runs.map(pinnedCurve);
    this.draw();
  }

  /** @param {Partial<CurvesOptions>} options */
  setOptions(options) {
    this.options = { ...this.options, ...options };
    this.#layOut();
  }

  /** @param {Header} header of a frame, with the entries that are new */
  append(header) {
    if (this.curves.append(header)) this.table.renew(this.curves);
  }

  #layOut() {
    const { clientWidth: width } = this.host;
    if (width === 0) return;
    const { height } = this.options;
    const right = roomForNames(Object.keys(LOOKS).map(lineName), width >= WIDE);
    const { left, top, bottom } = MARGIN;
    this.area = { left, top, width: width - left - right, height: height - top - bottom };
    for (const svg of [this.back, this.front]) setAttributes(svg, { width, height });
    setBox(this.body, { height });
    this.handle.layOut(this.area);
    this.drawnAs = { axes: "", marks: "" };
    this.draw();
  }

  get #isLog() {
    return this.options.logScale && this.options.metric !== "accuracy";
  }

  get #keys() {
    return KEYS[this.options.metric].filter((key) => this.curves.list(key).some(Number.isFinite));
  }

  /** Pinned runs know only their losses. */
  get #overlaid() {
    const { pinned, metric } = this.options;
    if (metric !== "loss") return [];
    return this.pinned.filter(({ id }) => pinned === null || pinned.includes(id));
  }

  /** The epoch whose weights are on the page; null: the newest. */
  get #viewed() {
    const { viewed, ideal } = this.state;
    return viewed === "kept" ? (ideal?.best ?? null) : (viewed ?? null);
  }

  /** Draws everything that looks different from before. */
  draw() {
    if (this.area.width <= 0) return;
    const keys = this.#keys;
    const pinned = this.#overlaid;
    const lists = keys.map((key) => this.curves.list(key));
    this.scales = this.#scalesOf(
      [...lists, ...pinned.map(({ list }) => list)],
      pinned.map(({ list }) => list.length),
    );
    this.#drawAxes(this.scales);
    this.#drawMarks(this.scales);
    this.#drawLines(this.scales, keys, pinned);
    this.#drawLabels(this.scales, keys, pinned);
    this.handle.place(this.area, this.scales.epochs, { newest: this.curves.length, viewed: this.#viewed });
    if (this.pointed !== null) this.#point(this.pointed);
  }

  /**
   * @param {number[][]} lists
   * @param {number[]} lengths
   * @returns {Scales}
   */
  #scalesOf(lists, lengths) {
    const { ideal } = this.state;
    const marked = ideal ? ideal.best + (ideal.window ?? 0) : 0;
    const last = Math.max(this.curves.length, marked, ...lengths);
    const band = this.options.metric === "loss" ? [this.curves.list("low"), this.curves.list("high")] : [];
    const values = valueScale(this.area, { lines: lists, band }, { metric: this.options.metric, isLog: this.#isLog });
    return { epochs: epochScale(this.area, last), values };
  }

  /** @param {Scales} scales */
  #drawAxes({ epochs, values }) {
    const now = [epochs.high, values.low, values.high, values.isLog, this.options.metric].join(" ");
    if (now === this.drawnAs.axes) return;
    this.drawnAs.axes = now;
    const { left, top, width, height } = this.area;
    const bottom = top + height;
    const most = { across: Math.max(2, Math.floor(width / 70)), up: Math.max(2, Math.floor(height / 26)) };
    this.axes.replaceChildren(
      drawnAxis({ scale: values, ticks: valueTicks(values, most.up), side: "left", at: left, room: left, grid: width }),
      drawnAxis({ scale: epochs, ticks: epochTicks(epochs, most.across), side: "bottom", at: bottom, room: 80 }),
      shape("line", { class: "axis-line", x1: left, x2: left + width, y1: bottom + 0.5, y2: bottom + 0.5 }),
      shape("text", { class: "axis-name", "text-anchor": "middle", x: left + width / 2, y: bottom + 38 }, say("epoch")),
      uprightName(axisName(this.options.metric), top + height / 2),
    );
  }

  /** @param {Scales} scales */
  #drawMarks({ epochs }) {
    const { ideal } = this.state;
    const now = `${epochs.high} ${JSON.stringify(ideal ?? null)}`;
    if (now === this.drawnAs.marks) return;
    this.drawnAs.marks = now;
    drawShades(this.shades, ideal, epochs, this.area, this.pattern);
    drawFlag(this.flag, ideal, epochs, this.area, this.host.clientWidth);
  }

  /**
   * @param {Scales} scales
   * @param {string[]} keys
   * @param {PinnedCurve[]} pinned
   */
  #drawLines(scales, keys, pinned) {
    const { training, heldOut, quiet } = readTheme();
    const context = emptied(this.canvas, this.host.clientWidth, this.options.height);
    const { left, top, width, height } = this.area;
    context.save();
    context.beginPath();
    context.rect(left, top - 2, width, height + 3);
    context.clip();
    if (this.options.metric === "loss") {
      fillBand(context, this.curves.list("low"), this.curves.list("high"), scales, faded(heldOut, 0.16));
    }
    pinned.forEach(({ list }, i) => {
      strokeCurve(context, list, scales, { colour: quiet, width: 1.25, dash: DASHES[i % DASHES.length] });
    });
    for (const key of keys) {
      const { name, width: wide } = LOOKS[key];
      const colour = name === "training" ? training : heldOut;
      strokeCurve(context, this.curves.list(key), scales, { colour, width: wide });
    }
    context.restore();
  }

  /**
   * @param {Scales} scales
   * @param {string[]} keys
   * @param {PinnedCurve[]} pinned
   */
  #drawLabels(scales, keys, pinned) {
    const labels = [
      ...keys.map((key) =>
        endLabel({ key, name: LOOKS[key].name, text: lineName(key) }, this.curves.list(key), scales),
      ),
      ...pinned.map(({ id, list }) =>
        endLabel({ key: `run ${id}`, name: "pinned", text: say("run {id}", { id }) }, list, scales),
      ),
    ];
    this.labels.draw(
      labels.filter((label) => label !== null),
      this.area,
      this.host.clientWidth >= WIDE,
    );
  }

  /** @param {number | null} epoch */
  #point(epoch) {
    this.pointed = epoch;
    const { scales, curves } = this;
    if (epoch === null || !scales || curves.length === 0) return this.tip.hide();
    const low = curves.at("low", epoch);
    const high = curves.at("high", epoch);
    const entries = this.#keys.map((key) => {
      const value = curves.at(key, epoch);
      const y = scales.values.place(value);
      const entry = { name: LOOKS[key].name, text: lineName(key), value, y };
      return key === "held_out" && low < high
        ? { ...entry, range: /** @type {[number, number]} */ ([low, high]) }
        : entry;
    });
    this.tip.show(epoch, scales.epochs.place(epoch), this.area, entries);
  }
}
