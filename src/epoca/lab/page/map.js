// @ts-check
/** The decision map: what the network predicts at every place of two columns, with the rows of the table on it. */

import { onTheme } from "./colours.js";
import { element, onWidth, setBox, setText, shape } from "./drawing.js";
import { MARGIN, drawMapAxes, viewOf } from "./map-axes.js";
import { drawClassLegend, drawNumberLegend, setNumberRange } from "./map-legend.js";
import { LetterPlaces } from "./map-lines.js";
import { MapPainter } from "./map-painter.js";
import { PointLayer } from "./map-points.js";
import { readingAt, sentenceOf } from "./map-reading.js";
import { Bubble } from "./map-speech.js";
import { MapSurface } from "./map-surface.js";
import { drawTop } from "./map-top.js";
import { onLanguage, say } from "./words.js";

/** @typedef {import("./axis.js").Scale} Scale */
/** @typedef {import("./drawing-types.js").Frame} Frame */
/** @typedef {import("./map-border.js").Border} Border */
/** @typedef {import("./drawing-types.js").Line} Line */
/** @typedef {import("./map-reading.js").Reading} Reading */
/** @typedef {import("./map-speech.js").Speech} Speech */
/** @typedef {Partial<import("./drawing-types.js").State>} State */

/** @typedef {{left: number, width: number, height: number, across: Scale, up: Scale}} View the plot, in pixels from its top left, which is so far from the left */
/** @typedef {{left: number, top: number}} Place in pixels of the plot */

/**
 * @typedef {object} MapOptions
 * @property {boolean} decision whole classes instead of how sure the network is
 * @property {number} most highest the plot may be, in pixels
 * @property {"pick" | "add"} tool what a click does
 * @property {number} code class of points that are added
 * @property {number | null} selectedRow
 * @property {Border | null} border of another run's classes
 * @property {(row: number | null, x: number, y: number) => void} onPick
 * @property {(x: number, y: number, code: number) => void} onAdd
 * @property {(row: number, x: number, y: number) => void} onMove
 * @property {(row: number) => void} onRemove
 * @property {(reading: Reading | null) => void} onHover
 */

const NOTHING = () => {};

export class DecisionMap {
  /** @param {HTMLElement} host */
  constructor(host) {
    /** @type {State} */
    this.state = {};
    /** @type {MapOptions} */
    this.options = {
      ...{ decision: false, most: 460, tool: "pick", code: 0, selectedRow: null, border: null },
      ...{ onPick: NOTHING, onAdd: NOTHING, onMove: NOTHING, onRemove: NOTHING, onHover: NOTHING },
    };
    /** @type {Frame | null} */
    this.frame = null;
    /** @type {Speech | null} */
    this.speech = null;
    /** @type {{before: Line, after: Line} | null} */
    this.step = null;
    /** @type {Reading | null} */
    this.reading = null;
    /** @type {{index: number, at: Place} | null} */
    this.dragged = null;
    this.host = element("div", { class: "map" });
    host.append(this.host);
    this.view = viewOf([], 400, 400);
    this.painter = new MapPainter();
    this.points = new PointLayer();
    this.letters = new LetterPlaces();
    this.bubble = new Bubble();
    this.surface = new MapSurface(this);
    this.top = element("canvas");
    this.axes = shape("svg", { class: "map-axes", "aria-hidden": "true" });
    this.legend = element("ul", { class: "map-legend" });
    this.plot = element("div", { class: "map-plot" });
    this.status = element("p", { class: "drawing-hidden", role: "status" });
    this.#assemble();
    onWidth(this.host, () => this.#layOut());
    onTheme(() => this.#layOut());
    onLanguage(() => this.#layOut());
  }

  #assemble() {
    const canvases = [this.painter.canvas, this.points.canvas, this.top];
    canvases.forEach((canvas) => canvas.setAttribute("aria-hidden", "true"));
    this.plot.append(...canvases, this.surface.node, this.bubble.node);
    this.host.append(this.legend, element("div", { class: "map-body" }, this.axes, this.plot), this.status);
  }

  /** @param {State} state the whole state, or keys that changed */
  setState(state) {
    const before = this.state;
    this.state = { ...before, ...state };
    const keys = /** @type {const} */ (["axes_of", "points", "labels", "task", "target", "can_edit"]);
    if (keys.some((key) => before[key] !== this.state[key])) this.#layOut();
  }

  /** @param {Partial<MapOptions>} options */
  setOptions(options) {
    this.options = { ...this.options, ...options };
    this.#showTool();
    if ("most" in options) this.#layOut();
    else this.#redraw();
  }

  #showTool() {
    this.surface.node.classList.toggle("edits", this.canEdit);
    this.surface.node.classList.toggle("adds", this.canEdit && this.options.tool === "add");
  }

  /** @param {Frame} frame */
  draw(frame) {
    this.frame = frame;
    this.#redraw();
  }

  /** @param {Speech | null} speech the point that speaks */
  showSpeech(speech) {
    this.speech = speech;
    this.#drawTop();
  }

  /** @param {{before: Line, after: Line} | null} step the line before and after an update */
  showStep(step) {
    this.step = step;
    this.#drawTop();
  }

  get classes() {
    return this.state.task === "regression" ? 0 : Math.max(this.state.labels?.length ?? 0, 2);
  }

  get canEdit() {
    return this.state.can_edit === true;
  }

  get selectedIndex() {
    return this.points.indexOf(this.options.selectedRow);
  }

  #layOut() {
    if (this.host.clientWidth === 0) return;
    const axes = this.state.axes_of ?? [];
    this.view = viewOf(axes, this.host.clientWidth, this.options.most);
    const { left, width, height } = this.view;
    setBox(this.plot, { left, top: MARGIN.top, width, height });
    this.legend.style.setProperty("margin-left", `${left - 4}px`);
    drawMapAxes(this.axes, this.view, axes);
    if (this.classes === 0) drawNumberLegend(this.legend, this.state);
    else drawClassLegend(this.legend, this.state);
    this.points.place(this.state.points, this.view);
    if (axes.length < 2) this.painter.clear();
    this.painter.forgetShades();
    this.#showTool();
    this.#name(axes.map((axis) => axis.name));
    this.#redraw();
  }

  /** @param {string[]} names */
  #name([across = "", up = ""]) {
    const sentences = [say("Map of {across} and {up}.", { across, up }), say("Arrow keys move a crosshair.")];
    if (this.canEdit) {
      sentences.push(say("Enter picks a point or adds one."), say("Shift and an arrow key move the point picked."));
      sentences.push(say("Delete removes it."));
    } else sentences.push(say("Enter picks the nearest point."));
    this.surface.node.setAttribute("aria-label", sentences.join(" "));
  }

  #redraw() {
    const { frame, classes, options } = this;
    if (this.host.clientWidth === 0) return;
    const map = frame?.header.map;
    if (frame) this.painter.paint(frame, { classes, isDecision: options.decision });
    this.painter.show(this.view, this.state.axes_of ?? []);
    if (classes === 0 && map) setNumberRange(this.legend, map.low, map.high);
    this.points.draw(this.view, { predicted: frame?.planes.pointCode, range: classes === 0 ? this.#range() : null });
    this.#drawTop();
  }

  /** @returns {[number, number]} */
  #range() {
    const map = this.frame?.header.map;
    return map ? [map.low, map.high] : [Math.min(...this.points.points.target), Math.max(...this.points.points.target)];
  }

  #drawTop() {
    drawTop(this.top, this);
    const speaker = this.placeOfSpeaker();
    if (this.speech && speaker) this.bubble.show(this.view, this.speech, speaker);
    else this.bubble.hide();
  }

  /**
   * @param {number} index
   * @returns {Place | null}
   */
  placeOf(index) {
    return index < 0 ? null : { left: this.points.left[index], top: this.points.top[index] };
  }

  /** @returns {Place | null} */
  placeOfSelected() {
    return this.placeOf(this.selectedIndex);
  }

  /** @returns {Place | null} */
  placeOfSpeaker() {
    return this.speech ? this.placeOf(this.points.indexOf(this.speech.row)) : null;
  }

  /**
   * @param {Place | null} at
   * @param {number} [reach]
   */
  hover(at, reach = 0) {
    const before = this.reading;
    this.reading = at ? readingAt(this, at, reach) : null;
    const isCrosshair = this.surface.crosshair !== null || at === null;
    if (isCrosshair || before?.index !== this.reading?.index) this.#drawTop();
    this.options.onHover(this.reading);
  }

  /** @param {Place} at */
  announce(at) {
    setText(this.status, sentenceOf(this, readingAt(this, at, 24)));
  }

  /**
   * @param {number} index
   * @param {Place | null} at
   */
  showDragged(index, at) {
    this.dragged = at ? { index, at } : null;
    this.#drawTop();
  }

  /**
   * @param {Place} at
   * @param {number} reach
   */
  pickOrAdd(at, reach) {
    const { x, y, row } = readingAt(this, at, reach);
    if (this.canEdit && this.options.tool === "add") this.options.onAdd(x, y, this.options.code);
    else this.options.onPick(row, x, y);
  }

  /**
   * @param {number} index
   * @param {Place} at
   */
  moveTo(index, at) {
    const { x, y } = readingAt(this, at, 0);
    this.options.onMove(this.points.points.rows[index], x, y);
  }

  /**
   * @param {Place} at
   * @param {number} reach
   */
  removeAt(at, reach) {
    const row = this.selectedIndex < 0 ? readingAt(this, at, reach).row : this.options.selectedRow;
    if (this.canEdit && row !== null) this.options.onRemove(row);
  }
}
