// @ts-check
/** A small window beside a weight or bias: its value, to be set, and whether it is frozen. */

import { element, nextId, setBox, setText, within } from "./drawing.js";
import { number, say } from "./words.js";

/**
 * @typedef {object} Edited
 * @property {number} index among all parameters
 * @property {string} name
 * @property {string} label of the number
 * @property {number} value
 * @property {boolean} isFrozen
 * @property {string} refusal why it cannot be changed now, or ""
 * @property {number} x where it stands in the drawing
 * @property {number} top
 * @property {number} bottom
 */

/**
 * @typedef {object} Listener
 * @property {(index: number, value: number | string) => void} onSet of what cannot be read as a number the text
 * @property {(index: number, isFrozen: boolean) => void} onFreeze
 * @property {() => void} onClose
 */

const STEP = 0.1;
const GAP = 10;

export class WeightEditor {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    this.index = -1;
    /** @type {number | null} the value that the network has, or was told to take */
    this.known = null;
    const [id, refusalId] = [nextId(), nextId()];
    this.name = element("p", { class: "editor-name", id });
    this.label = element("span");
    // A text field, since browsers take a decimal comma in a number field only in their own language.
    const looks = { type: "text", inputmode: "decimal", role: "spinbutton", autocomplete: "off", spellcheck: "false" };
    this.field = element("input", { ...looks, "aria-describedby": refusalId });
    this.box = element("input", { type: "checkbox" });
    this.frozen = element("span");
    this.refusal = element("p", { class: "editor-name", id: refusalId });
    this.node = element(
      "div",
      { class: "editor", role: "dialog", "aria-labelledby": id, hidden: true },
      this.name,
      element("label", {}, this.label, this.field),
      element("label", {}, this.box, this.frozen),
      this.refusal,
    );
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("change", () => this.#set());
    this.box.addEventListener("change", () => this.listener.onFreeze(this.index, this.box.checked));
    this.node.addEventListener("keydown", (event) => this.#close(event));
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /**
   * @param {Edited} edited
   * @param {{width: number, height: number}} drawing to stay inside of
   */
  open({ index, name, label, value, isFrozen, refusal, x, top, bottom }, { width, height }) {
    this.index = index;
    setText(this.name, name);
    setText(this.label, label);
    setText(this.frozen, say("frozen"));
    this.node.hidden = false;
    this.#write(value);
    this.#allow(isFrozen, refusal);
    const { offsetWidth, offsetHeight } = this.node;
    // Below what is edited, or else above it, so that it stays in sight.
    const below = bottom + GAP;
    const above = top - GAP - offsetHeight;
    setBox(this.node, {
      left: within(x - offsetWidth / 2, 0, Math.max(0, width - offsetWidth)),
      top: below + offsetHeight <= height || above < 0 ? below : above,
    });
  }

  hide() {
    this.node.hidden = true;
    this.index = -1;
  }

  focus() {
    this.field.focus();
    this.field.select();
  }

  /**
   * The value of a new frame; what a person is writing stays.
   *
   * @param {number} value
   * @param {boolean} isFrozen
   * @param {string} refusal
   */
  update(value, isFrozen, refusal) {
    this.#allow(isFrozen, refusal);
    if (document.activeElement !== this.field) this.#write(value);
  }

  /**
   * @param {boolean} isFrozen
   * @param {string} refusal
   */
  #allow(isFrozen, refusal) {
    this.box.checked = isFrozen;
    // The field can still be reached, so that ears hear why.
    this.box.disabled = this.field.readOnly = refusal !== "";
    setText(this.refusal, refusal);
    this.refusal.hidden = refusal === "";
  }

  /** @param {number} value */
  #write(value) {
    this.known = value;
    this.#type(value);
  }

  /** @param {number} value */
  #type(value) {
    const text = number(value);
    if (this.field.value === text) return;
    this.field.value = text;
    this.field.setAttribute("aria-valuenow", String(value));
    this.field.setAttribute("aria-valuetext", text);
  }

  #set() {
    const value = written(this.field.value);
    if (value === null) {
      this.listener.onSet(this.index, this.field.value);
      this.#type(this.known ?? 0);
    } else if (number(value) !== number(this.known)) {
      // Leaving the field after Enter says the same a second time.
      this.known = value;
      this.listener.onSet(this.index, value);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.field.readOnly) return;
    const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (step) {
      this.#type(Number(((written(this.field.value) ?? 0) + step).toFixed(6)));
      this.#set();
    } else if (event.key === "Enter") this.#set();
    else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  #close(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.listener.onClose();
  }
}

/**
 * A number as people write it, with a point or a comma; null for anything else.
 *
 * @param {string} text
 */
export function written(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  const value = Number(plain);
  return plain === "" || !Number.isFinite(value) ? null : value;
}
