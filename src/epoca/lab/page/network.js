// @ts-check
/** The network: inputs, neurons with their own small maps, outputs, and the weights between them. */

import { onTheme } from "./colours.js";
import { element, onWidth, setAttributes, setBox, shape } from "./drawing.js";
import { drawnBoxes } from "./network-boxes.js";
import { Edges } from "./network-edges.js";
import { NetworkKeys } from "./network-keys.js";
import { biasIndex, isTooLarge, layoutOf } from "./network-layout.js";
import { drawNetworkLegend } from "./network-legend.js";
import { NeuronMaps } from "./network-maps.js";
import { outputName } from "./network-names.js";
import { drawnHeadings, drawnNode, namesBeside, roomFor, showBias } from "./network-nodes.js";
import { NetworkSelection } from "./network-selection.js";
import { onLanguage, say } from "./words.js";

/** @typedef {import("./drawing-types.js").Frame} Frame */
/** @typedef {import("./network-edges.js").Edge} Edge */
/** @typedef {import("./network-layout.js").Layout} Layout */
/** @typedef {import("./network-layout.js").Node} Node */
/** @typedef {import("./network-nodes.js").DrawnNode} DrawnNode */
/** @typedef {Partial<import("./drawing-types.js").State>} State */

/** @typedef {{layer: number, index: number}} Neuron layer: 0 of the first hidden layer; the last is the output */
/** @typedef {{index: number, layer: number, from: number, to: number}} Weight index: among all parameters */

/**
 * What is under the pointer or has the focus, with its sentence, and where it is in the window.
 *
 * @typedef {object} Pointed
 * @property {(Neuron & {kind: "input" | "hidden" | "output"}) | null} node
 * @property {Weight | null} weight
 * @property {string} text
 * @property {number} left
 * @property {number} top
 */

/**
 * @typedef {object} NetworkOptions
 * @property {number} most height, in pixels
 * @property {(neuron: Neuron | null) => void} onSelectNeuron
 * @property {(weight: Weight | null) => void} onSelectWeight
 * @property {(index: number, value: number | string) => void} onSetWeight of what cannot be read as a number the text
 * @property {(index: number, isFrozen: boolean) => void} onFreeze
 * @property {(pointed: Pointed | null) => void} onHover
 */

const NOTHING = () => {};
const KEYS_OF_SHAPE = /** @type {const} */ (["inputs", "sizes", "labels", "head", "model", "task", "target"]);

export class NetworkGraph {
  /**
   * @param {HTMLElement} host
   * @param {Partial<NetworkOptions>} [options]
   */
  constructor(host, options = {}) {
    this.host = element("div", { class: "network" });
    host.append(this.host);
    /** @type {NetworkOptions} */
    this.options = {
      ...{ most: 400, onSelectNeuron: NOTHING, onSelectWeight: NOTHING },
      ...{ onSetWeight: NOTHING, onFreeze: NOTHING, onHover: NOTHING },
      ...options,
    };
    /** @type {State} */
    this.state = {};
    /** @type {Frame | null} */
    this.frame = null;
    /** @type {DrawnNode[][]} */
    this.nodes = [];
    this.shapeOf = "";
    this.layout = layoutOf([1, 1], { width: 300, most: 200, left: 40, right: 40 });
    this.maps = new NeuronMaps();
    this.edges = new Edges();
    this.keys = new NetworkKeys(this);
    this.selection = new NetworkSelection(this);
    this.svg = shape("svg", { class: "network-lines", role: "group" });
    this.body = element("div", { class: "network-body" }, this.maps.canvas, this.svg);
    this.legend = element("ul", { class: "network-legend" });
    this.scroll = element("div", { class: "network-scroll" }, this.body);
    // Outside of what scrolls, so that it may reach over the edges of a small network.
    this.host.append(this.scroll, this.selection.editor.node, this.legend);
    this.#listen();
    onWidth(this.host, () => this.#layOut());
    onTheme(() => this.#recolour());
    onLanguage(() => this.#layOut());
  }

  #listen() {
    this.svg.addEventListener("keydown", (event) => this.keys.press(event));
    this.svg.addEventListener("pointermove", (event) => this.selection.point(this.#under(event)));
    this.svg.addEventListener("pointerleave", () => this.selection.point(null));
    this.svg.addEventListener("focusin", (event) => this.keys.arrive(event.target));
    this.svg.addEventListener("focusout", () => this.selection.point(null));
    this.svg.addEventListener("click", (event) => this.selection.select(this.#under(event)));
  }

  /** @param {Partial<NetworkOptions>} options */
  setOptions(options) {
    this.options = { ...this.options, ...options };
    if ("most" in options) this.#layOut();
  }

  /** @param {State} state the whole state, or keys that changed */
  setState(state) {
    this.state = { ...this.state, ...state };
    const shapeOf = JSON.stringify(KEYS_OF_SHAPE.map((key) => this.state[key]));
    if (shapeOf !== this.shapeOf) {
      this.shapeOf = shapeOf;
      this.frame = null;
      this.#layOut();
    }
    if (state.frozen) this.#markFrozen();
    this.selection.update();
  }

  /** @param {Frame} frame */
  draw(frame) {
    this.frame = frame;
    this.maps.draw(frame);
    const { weights, biases } = frame.header;
    if (weights) this.edges.update(weights);
    if (biases) for (const node of this.nodes.flat()) showBias(node, biases[node.layer]?.[node.index]);
    this.selection.update();
  }

  #layOut() {
    const sizes = this.state.sizes ?? [];
    const inputs = this.state.inputs ?? [];
    const { clientWidth: width } = this.host;
    this.body.hidden = sizes.length < 2;
    this.legend.hidden = this.body.hidden;
    if (width === 0 || sizes.length < 2) return;
    const outputs = Array.from({ length: Math.min(sizes.at(-1) ?? 0, 16) }, (_, i) => outputName(this.state, i));
    const most = Math.min(150, width * 0.24);
    const room = { left: roomFor(inputs.slice(0, 16), most), right: roomFor(outputs, most) + 14 };
    const sides = isTooLarge(sizes) ? { left: 34, right: 34 } : room;
    this.layout = layoutOf(sizes, { width, most: this.options.most, ...sides });
    this.#build(room);
    drawNetworkLegend(this.legend, this.layout.isBoxes);
    if (this.frame) this.draw(this.frame);
  }

  /** @param {{left: number, right: number}} room */
  #build(room) {
    const { layout, state } = this;
    const size = { width: layout.width, height: layout.height };
    setAttributes(this.svg, { ...size, "aria-label": this.#name() });
    setBox(this.body, size);
    this.maps.place(layout);
    this.edges.build(layout, state.sizes ?? [], state);
    this.nodes = layout.isBoxes
      ? []
      : layout.columns.map((column) => {
          const names = namesBeside(column, state, room);
          return column.nodes.map((node, i) => drawnNode(node, state, names[i]));
        });
    const drawn = layout.isBoxes ? [drawnBoxes(layout)] : this.nodes.flat().map((node) => node.group);
    this.svg.replaceChildren(drawnHeadings(layout), this.edges.halo, this.edges.lines, this.edges.marks, ...drawn);
    this.selection.restart();
    this.keys.restart();
    this.#markFrozen();
  }

  #name() {
    const sizes = (this.state.sizes ?? []).join(", ");
    if (this.layout.isBoxes) return say("Network with layers of {sizes}; too many weights to draw each.", { sizes });
    const keys = [say("Arrow keys move between neurons."), say("Enter selects one; w goes to its weights.")];
    return [say("Network with layers of {sizes}.", { sizes }), ...keys].join(" ");
  }

  #recolour() {
    this.maps.forgetShades();
    if (this.frame) this.maps.draw(this.frame);
  }

  #markFrozen() {
    const frozen = new Set(this.state.frozen ?? []);
    this.edges.markFrozen(frozen);
    const isFrozen = (/** @type {Node} */ node) =>
      frozen.has(biasIndex(this.state.sizes ?? [], node.layer, node.index));
    for (const node of this.nodes.flat()) node.bias?.classList.toggle("is-frozen", isFrozen(node));
  }

  /** @param {Node} node */
  nodeOf(node) {
    return this.nodes[node.column]?.[node.index] ?? null;
  }

  /**
   * @param {MouseEvent} event
   * @returns {DrawnNode | Edge | null}
   */
  #under(event) {
    const { target } = event;
    const group = target instanceof Element ? target.closest(".node") : null;
    const node = group ? this.nodes.flat().find((one) => one.group === group) : null;
    if (node) return node;
    const box = this.svg.getBoundingClientRect();
    return this.edges.nearest(event.clientX - box.left, event.clientY - box.top);
  }
}
