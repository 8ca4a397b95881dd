// @ts-check
/** What of a network is selected or pointed at: its halo, its sentence, and the editor of its value. */

import { WeightEditor } from "./network-editor.js";
import { biasIndex } from "./network-layout.js";
import { nodeName, nodeSentence, weightName, weightSentence } from "./network-names.js";
import { say } from "./words.js";

/** @typedef {import("./network.js").NetworkGraph} NetworkGraph */
/** @typedef {import("./network.js").Weight} Weight */
/** @typedef {import("./network-edges.js").Edge} Edge */
/** @typedef {import("./network-nodes.js").DrawnNode} DrawnNode */

/**
 * @param {DrawnNode | Edge} what
 * @returns {what is Edge}
 */
export const isEdge = (what) => "path" in what;

/**
 * @param {Edge} edge
 * @returns {Weight}
 */
const weightOf = ({ index, layer, from, to }) => ({ index, layer, from: from.index, to: to.index });

export class NetworkSelection {
  /** @param {NetworkGraph} graph */
  constructor(graph) {
    this.graph = graph;
    /** @type {DrawnNode | Edge | null} */
    this.selected = null;
    /** @type {DrawnNode | Edge | null} */
    this.pointed = null;
    this.editor = new WeightEditor({
      onSet: (index, value) => graph.options.onSetWeight(index, value),
      onFreeze: (index, isFrozen) => graph.options.onFreeze(index, isFrozen),
      onClose: () => this.#close(),
    });
  }

  /** Another network is drawn: nothing of it is selected. */
  restart() {
    const was = this.selected;
    this.selected = null;
    this.pointed = null;
    this.editor.hide();
    this.#highlight();
    if (was) this.#tell(was, null);
  }

  /**
   * @param {DrawnNode | Edge | null} what
   * @param {boolean} [entersEditor] whether the focus goes to the editor
   */
  select(what, entersEditor = false) {
    const before = this.selected;
    this.selected = what;
    if (before && !isEdge(before)) before.group.classList.remove("is-selected");
    if (what && !isEdge(what)) what.group.classList.add("is-selected");
    this.#edit(what);
    this.#highlight();
    if (entersEditor && this.editor.isOpen) this.editor.focus();
    this.#tell(before, what);
  }

  /**
   * @param {DrawnNode | Edge | null} before
   * @param {DrawnNode | Edge | null} now
   */
  #tell(before, now) {
    const { onSelectNeuron, onSelectWeight } = this.graph.options;
    if (now && isEdge(now)) onSelectWeight(weightOf(now));
    else if (now) onSelectNeuron(now.kind === "input" ? null : { layer: now.layer, index: now.index });
    if (before && isEdge(before) && !(now && isEdge(now))) onSelectWeight(null);
    if (before && !isEdge(before) && !(now && !isEdge(now))) onSelectNeuron(null);
  }

  #close() {
    const was = this.selected;
    this.select(null);
    if (was && isEdge(was)) this.graph.keys.focusEdge(was);
    else if (was) this.graph.keys.focusNode(was);
  }

  /** @param {DrawnNode | Edge | null} what */
  point(what) {
    if (what === this.pointed) return;
    this.pointed = what;
    this.#highlight();
    this.graph.options.onHover(what ? this.#reading(what) : null);
  }

  /** The pointed one first: the halo follows the eye, and returns to what is selected. */
  #highlight() {
    const { edges } = this.graph;
    const what = this.pointed ?? this.selected;
    edges.point(what && isEdge(what) ? what : null);
    // Passing over lines with the pointer pales nothing: the whole drawing would flicker.
    edges.single(this.pointed && !isEdge(this.pointed) ? this.pointed : this.selected);
  }

  /** @param {DrawnNode | Edge} what */
  #reading(what) {
    const box = (isEdge(what) ? what.path : what.group).getBoundingClientRect();
    return {
      node: isEdge(what) ? null : { layer: what.layer, index: what.index, kind: what.kind },
      weight: isEdge(what) ? weightOf(what) : null,
      text: this.sentence(what),
      left: box.left + box.width / 2,
      top: box.top + box.height / 2,
    };
  }

  /** @param {DrawnNode | Edge} what */
  sentence(what) {
    const value = this.#valueOf(what);
    const { state } = this.graph;
    if (!isEdge(what)) return nodeSentence(state, what, value);
    return weightSentence(weightName(state, what.from, what.to), value, this.#isFrozen(what.index));
  }

  /** A new frame, or another state: the editor shows the value there is now, and whether it can be changed. */
  update() {
    const value = this.selected ? this.#valueOf(this.selected) : undefined;
    if (this.editor.isOpen && value !== undefined) this.editor.update(value, this.#isFrozen(this.editor.index), this.#refusal());
  }

  /** @param {DrawnNode | Edge} what */
  #valueOf(what) {
    const { weights, biases } = this.graph.frame?.header ?? {};
    return isEdge(what) ? weights?.[what.layer]?.[what.place] : biases?.[what.layer]?.[what.index];
  }

  /** @param {number} index */
  #isFrozen(index) {
    return this.graph.state.frozen?.includes(index) ?? false;
  }

  /** Why nothing of it can be changed now, or "". */
  #refusal() {
    const { table, status, viewed } = this.graph.state;
    if (table === "model") return say("A model file is looked at; nothing of it can be changed.");
    if (status !== "ended" || typeof viewed === "number") return "";
    return say("This training has ended. To change a weight, go back to one of its epochs first: drag the handle under the curves.");
  }

  /** @param {DrawnNode | Edge | null} what */
  #edit(what) {
    const value = what ? this.#valueOf(what) : undefined;
    if (!what || value === undefined) return this.editor.hide();
    const { state, layout, scroll } = this.graph;
    const index = isEdge(what) ? what.index : biasIndex(state.sizes ?? [], what.layer, what.index);
    const words = isEdge(what)
      ? { name: weightName(state, what.from, what.to), label: say("weight") }
      : { name: nodeName(state, what), label: say("bias") };
    const at = isEdge(what)
      ? {
          x: (what.from.x + what.to.x) / 2,
          top: Math.min(what.from.y, what.to.y),
          bottom: Math.max(what.from.y, what.to.y),
        }
      : { x: what.x, top: what.y - what.half, bottom: what.y + what.half };
    const x = at.x - scroll.scrollLeft;
    const isFrozen = this.#isFrozen(index);
    this.editor.open(
      { index, ...words, value, isFrozen, refusal: this.#refusal(), ...at, x },
      { width: scroll.clientWidth, height: layout.height },
    );
  }
}
