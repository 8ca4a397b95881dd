// @ts-check
/** The handle on the epoch axis, which takes the whole page to a past epoch. */

import { element, setBox, within } from "./drawing.js";
import { number, say } from "./words.js";

/** @typedef {import("./axis.js").Scale} Scale */
/** @typedef {import("./curves-scales.js").Area} Area */

/**
 * @typedef {object} Listener
 * @property {(epoch: number | null) => void} onView null: the newest
 * @property {(epoch: number | null) => void} onPoint the epoch under the pointer or the focus
 */

/** Closer to the newest epoch than so many pixels means the newest. */
const SNAP = 5;

export class EpochHandle {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    this.node = element("div", { class: "curves-handle", role: "slider", tabindex: 0, "aria-valuemin": 0 });
    this.surface = element("div", { class: "curves-surface" });
    /** @type {Scale | null} */
    this.epochs = null;
    this.newest = 0;
    this.at = 0;
    this.isDragged = false;
    /** @type {number | null | undefined} what was told last, so that a drag tells each epoch once */
    this.told = undefined;
    for (const node of [this.node, this.surface]) this.#listen(node);
    this.node.addEventListener("keydown", (event) => this.#key(event));
    this.node.addEventListener("focus", () => this.listener.onPoint(this.at));
    this.node.addEventListener("blur", () => this.listener.onPoint(null));
    this.surface.addEventListener("pointerleave", () => this.listener.onPoint(null));
  }

  /** @param {HTMLElement} node */
  #listen(node) {
    node.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      node.setPointerCapture(event.pointerId);
      this.isDragged = true;
      this.told = undefined;
      if (node === this.surface) this.#drag(event);
    });
    node.addEventListener("pointermove", (event) => {
      this.listener.onPoint(this.#epochAt(event));
      if (this.isDragged) this.#drag(event);
    });
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
      node.addEventListener(name, () => (this.isDragged = false));
    }
  }

  /**
   * @param {Area} area
   * @param {Scale} epochs
   * @param {{newest: number, viewed: number | null}} where viewed: null for the newest
   */
  place(area, epochs, { newest, viewed }) {
    this.epochs = epochs;
    this.newest = newest;
    this.at = viewed ?? newest;
    setBox(this.node, { left: Math.round(epochs.place(this.at)), top: area.top + area.height });
    this.node.classList.toggle("is-past", viewed !== null && viewed !== newest);
    this.#name(viewed);
  }

  /** @param {Area} area */
  layOut({ left, top, width, height }) {
    setBox(this.surface, { left, top, width, height });
    this.node.setAttribute("aria-label", say("epoch looked at"));
  }

  /** @param {number | null} viewed */
  #name(viewed) {
    const values = { epoch: number(this.at, 6), newest: number(this.newest, 6) };
    const text = viewed === null ? say("epoch {epoch}, the newest", values) : say("epoch {epoch} of {newest}", values);
    if (this.node.getAttribute("aria-valuetext") === text) return;
    this.node.setAttribute("aria-valuenow", String(this.at));
    this.node.setAttribute("aria-valuemax", String(this.newest));
    this.node.setAttribute("aria-valuetext", text);
  }

  /** @param {PointerEvent} event */
  #epochAt(event) {
    if (!this.epochs) return 0;
    const left = event.clientX - this.surface.getBoundingClientRect().left + this.epochs.from;
    return within(Math.round(this.epochs.value(left)), 0, this.newest);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const epoch = this.#epochAt(event);
    const distance = this.epochs ? (this.newest - epoch) * this.epochs.slope : 0;
    this.#view(distance < SNAP ? null : epoch);
  }

  /** @param {number | null} epoch */
  #view(epoch) {
    if (epoch === this.told) return;
    this.told = epoch;
    this.listener.onView(epoch);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(2, Math.round(this.newest / 10));
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page };
    const to =
      { Home: 0, End: this.newest }[event.key] ?? (event.key in steps ? this.at + steps[event.key] : undefined);
    if (to === undefined) return;
    event.preventDefault();
    this.told = undefined;
    this.at = within(to, 0, this.newest);
    this.#view(this.at >= this.newest ? null : this.at);
    this.listener.onPoint(this.at);
  }
}
