// @ts-check
/** What a person does on the map, by pointer and by keyboard. */

import { element, within } from "./drawing.js";

/** @typedef {import("./map.js").DecisionMap} DecisionMap */

const REACH = 14;
const REACH_OF_KEYS = 24;
const FAR_ENOUGH_TO_DRAG = 4;
const STEP = 0.02;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Lies over the canvases, takes the focus, and turns events into what the map was asked to tell. */
export class MapSurface {
  /** @param {DecisionMap} map */
  constructor(map) {
    this.map = map;
    this.node = element("div", { class: "map-surface", tabindex: 0, role: "application" });
    /** @type {{left: number, top: number} | null} where the keyboard points */
    this.crosshair = null;
    /** @type {{index: number, left: number, top: number, hasMoved: boolean} | null} */
    this.drag = null;
    this.node.addEventListener("pointerdown", (event) => this.#press(event));
    this.node.addEventListener("pointermove", (event) => this.#move(event));
    this.node.addEventListener("pointerup", (event) => this.#release(event));
    this.node.addEventListener("pointercancel", () => this.#letGo());
    this.node.addEventListener("pointerleave", () => this.map.hover(null));
    this.node.addEventListener("keydown", (event) => this.#key(event));
    this.node.addEventListener("blur", () => this.#hideCrosshair());
  }

  /** @param {PointerEvent} event */
  #placeOf(event) {
    const box = this.node.getBoundingClientRect();
    const { width, height } = this.map.view;
    return { left: within(event.clientX - box.left, 0, width), top: within(event.clientY - box.top, 0, height) };
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0) return;
    this.#hideCrosshair();
    const at = this.#placeOf(event);
    const index = this.map.canEdit ? this.map.points.nearest(at.left, at.top, REACH) : -1;
    this.drag = { index, ...at, hasMoved: false };
    this.node.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const at = this.#placeOf(event);
    const { drag } = this;
    if (drag && drag.index >= 0) {
      drag.hasMoved ||= Math.hypot(at.left - drag.left, at.top - drag.top) >= FAR_ENOUGH_TO_DRAG;
      if (drag.hasMoved) this.map.showDragged(drag.index, at);
    }
    this.map.hover(at, REACH);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const { drag } = this;
    if (!drag) return;
    const at = this.#placeOf(event);
    this.#letGo();
    if (drag.hasMoved) this.map.moveTo(drag.index, at);
    else this.map.pickOrAdd(at, REACH);
  }

  #letGo() {
    this.drag = null;
    this.map.showDragged(-1, null);
  }

  #hideCrosshair() {
    if (!this.crosshair) return;
    this.crosshair = null;
    this.map.hover(null);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) this.#walk(arrow, event.shiftKey);
    else if (event.key === "Enter" || event.key === " ") this.map.pickOrAdd(this.#pointed(), REACH_OF_KEYS);
    else if (event.key === "Delete" || event.key === "Backspace") this.map.removeAt(this.#pointed(), REACH_OF_KEYS);
    else if (event.key === "Escape" && this.crosshair) this.#hideCrosshair();
    else return;
    event.preventDefault();
  }

  #pointed() {
    const { width, height } = this.map.view;
    this.crosshair ??= this.map.placeOfSelected() ?? { left: width / 2, top: height / 2 };
    return this.crosshair;
  }

  /**
   * @param {[number, number]} arrow
   * @param {boolean} takesPointAlong
   */
  #walk([across, down], takesPointAlong) {
    const { width, height } = this.map.view;
    const selected = takesPointAlong && this.map.canEdit ? this.map.placeOfSelected() : null;
    const from = selected ?? this.#pointed();
    const left = within(from.left + across * STEP * width, 0, width);
    const top = within(from.top + down * STEP * height, 0, height);
    this.crosshair = { left, top };
    if (selected) this.map.moveTo(this.map.selectedIndex, this.crosshair);
    this.map.hover(this.crosshair, REACH_OF_KEYS);
    this.map.announce(this.crosshair);
  }
}
