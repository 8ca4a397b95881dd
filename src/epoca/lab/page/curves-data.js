// @ts-check
/** The numbers of the curves, and which of them make up each picture. */

/** @typedef {import("./drawing-types.js").Header} Header */

/** @typedef {"loss" | "accuracy" | "gradient"} Metric */

/** Keys of the curves that each picture shows: the first is learned from, the second is not. */
export const KEYS = {
  loss: ["training", "held_out"],
  accuracy: ["training_accuracy", "held_out_accuracy"],
  gradient: ["gradient"],
};

/** The entries of one run, one an epoch: entry 0 is of epoch 1. What is no number is NaN. */
export class RunCurves {
  constructor() {
    this.serial = -1;
    /** @type {Record<string, number[]>} */
    this.lists = {};
    this.length = 0;
  }

  /**
   * Takes the new entries of a frame. A new run begins anew; a run that went back drops what came after.
   *
   * @param {Header} header
   * @returns {boolean} whether anything changed
   */
  append({ serial, first, curves }) {
    const isNew = serial !== this.serial;
    if (isNew) this.#restart(serial);
    const entries = Object.entries(curves ?? {});
    const added = Math.max(0, ...entries.map(([, values]) => values.length));
    // Entries after a gap belong to an epoch that is not known yet; the next frame brings all of them.
    if (first > this.length || (added === 0 && !isNew && first === this.length)) return isNew;
    for (const [key, values] of entries) {
      const list = (this.lists[key] ??= []);
      list.length = Math.min(list.length, first);
      while (list.length < first) list.push(Number.NaN);
      for (const value of values) list.push(value ?? Number.NaN);
    }
    this.length = first + added;
    for (const list of Object.values(this.lists)) list.length = Math.min(list.length, this.length);
    return true;
  }

  /** @param {number} serial */
  #restart(serial) {
    this.serial = serial;
    this.lists = {};
    this.length = 0;
  }

  /** @param {string} key */
  list(key) {
    return this.lists[key] ?? [];
  }

  /**
   * @param {string} key
   * @param {number} epoch
   */
  at(key, epoch) {
    return this.lists[key]?.[epoch - 1] ?? Number.NaN;
  }
}

/**
 * The smallest and largest number of some lists; positive ones alone where a logarithm will be taken.
 *
 * @param {number[][]} lists
 * @param {boolean} isLog
 * @returns {[number, number] | null} null where there is none
 */
export function rangeOf(lists, isLog) {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists) {
    for (const value of list) {
      if (isLog && value <= 0) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}
