// @ts-check
/** The runs set aside: their maps, and the one that the present run is held against. */

import { borderOf } from "./map-border.js";

/** @typedef {import("./drawing-types.js").AxisOf} AxisOf */
/** @typedef {import("./drawing-types.js").Frame} Frame */
/** @typedef {import("./map-border.js").Border} Border */
/** @typedef {{frame: Frame, axes: AxisOf[], held: string, classes: number, ends: import("./map-border.js").Ends}} PinnedMap as it was then */

export class Pinned {
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {Map<number, PinnedMap>} */
  #maps = new Map();

  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    /** @type {any[]} as the state tells them */
    this.runs = [];
    /** @type {number | null} the run against which the present one is held */
    this.chosen = null;
  }

  /**
   * The one that was set aside last is chosen.
   *
   * @param {any[]} runs
   */
  follow(runs) {
    const before = this.#ids;
    this.runs = runs;
    const now = this.#ids;
    const added = now.filter((id) => !before.includes(id));
    if (added.length > 0) this.chosen = added[added.length - 1];
    else if (this.chosen !== null && !now.includes(this.chosen)) this.chosen = null;
    for (const id of added) this.#fetch(id);
    this.#tell();
  }

  /** @returns {number[]} */
  get #ids() {
    return this.runs.map(({ id }) => id);
  }

  /** @param {number | null} run */
  choose(run) {
    this.chosen = run;
    this.#tell();
  }

  /** @param {number} run */
  mapOf = (run) => this.#maps.get(run) ?? null;

  /**
   * The border of the chosen run's classes, where it was seen through the same slice.
   *
   * @returns {Border | null}
   */
  get border() {
    const map = this.chosen === null ? null : this.mapOf(this.chosen);
    const { axes_of: axes = [], sliders = [] } = this.lab.state;
    const isSame = map?.axes.every(({ name, kind }, i) => axes[i]?.name === name && axes[i].kind === kind);
    if (!map || !isSame || map.classes === 0 || map.held !== heldOf(sliders)) return null;
    return { run: /** @type {number} */ (this.chosen), ends: map.ends };
  }

  /** @param {number} run */
  async #fetch(run) {
    const answer = await this.lab.ask("map", { run });
    if (!answer?.map || !this.#ids.includes(run)) return;
    this.#maps.set(run, decoded(answer.map));
    this.#tell();
  }

  /** @param {() => void} listener told of every change */
  on(listener) {
    this.#listeners.add(listener);
  }

  #tell() {
    this.#listeners.forEach((listener) => listener());
  }
}

/** @param {{value: unknown}[]} sliders at what the slice holds the other columns */
const heldOf = (sliders) => JSON.stringify(sliders.map(({ value }) => value));

/**
 * @param {any} told
 * @returns {PinnedMap}
 */
function decoded({ code, sureness, axes, held, classes, ...map }) {
  const planes = { code: bytesOf(code), sureness: bytesOf(sureness) };
  const ends = borderOf(planes, map, axes);
  const frame = /** @type {Frame} */ (/** @type {unknown} */ ({ header: { map }, planes }));
  return { frame, axes, classes, ends, held: JSON.stringify(held) };
}

/** @param {string} text in base 64 */
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
