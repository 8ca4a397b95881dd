// @ts-check
/** The colours behind the points: what is predicted at every place of the map. */

import { classShades, numberShades } from "./colours.js";
import { contextOf, emptied } from "./drawing.js";

/** @typedef {import("./drawing-types.js").AxisOf} AxisOf */
/** @typedef {import("./drawing-types.js").Frame} Frame */
/** @typedef {import("./map.js").View} View */

export class MapPainter {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.small = document.createElement("canvas");
    /** @type {Uint32Array} */
    this.shades = new Uint32Array(0);
    this.kind = "";
    /** @type {ImageData | null} */
    this.image = null;
    /** @type {Uint32Array} */
    this.words = new Uint32Array(0);
  }

  /** There is no map to show. */
  clear() {
    this.image = null;
  }

  /** Another theme: the shades are mixed anew. */
  forgetShades() {
    this.kind = "";
  }

  /**
   * @param {Frame} frame
   * @param {{classes: number, isDecision: boolean}} look classes: 0 for numbers
   */
  paint(frame, { classes, isDecision }) {
    const { map } = frame.header;
    const { code, sureness } = frame.planes;
    if (!map || !code || !sureness) return;
    this.#mixShades(classes, isDecision);
    const { width, height } = map;
    const words = this.#wordsOf(width, height);
    const { shades } = this;
    // The plane has its lowest row first, a canvas its highest.
    for (let row = 0; row < height; row += 1) {
      const from = (height - 1 - row) * width;
      const to = row * width;
      for (let i = 0; i < width; i += 1) words[to + i] = shades[(code[from + i] << 8) | sureness[from + i]];
    }
    if (this.image) contextOf(this.small).putImageData(this.image, 0, 0);
  }

  /**
   * @param {number} classes
   * @param {boolean} isDecision
   */
  #mixShades(classes, isDecision) {
    const kind = `${classes} ${isDecision}`;
    if (kind === this.kind) return;
    this.kind = kind;
    this.shades = classes === 0 ? numberShades() : classShades(classes, isDecision);
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  #wordsOf(width, height) {
    if (this.image?.width !== width || this.image.height !== height) {
      this.small.width = width;
      this.small.height = height;
      this.image = contextOf(this.small).createImageData(width, height);
      this.words = new Uint32Array(this.image.data.buffer);
    }
    return this.words;
  }

  /**
   * Scales the small picture to the size of the plot.
   *
   * @param {View} view
   * @param {AxisOf[]} axes
   */
  show(view, axes) {
    const context = emptied(this.canvas, view.width, view.height);
    if (!this.image) return;
    const { width, height } = this.image;
    // Places on an axis of numbers lie at both its ends, so the outer halves of the outer cells lie outside.
    const aside = isBanded(axes[0], width) ? 0 : 0.5;
    const above = isBanded(axes[1], height) ? 0 : 0.5;
    context.imageSmoothingEnabled = aside > 0 && above > 0;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.small, aside, above, width - 2 * aside, height - 2 * above, 0, 0, view.width, view.height);
  }
}

/**
 * Whether every cell along an axis is a category of its own.
 *
 * @param {AxisOf | undefined} axis
 * @param {number} cells
 */
export const isBanded = (axis, cells) => axis?.kind === "category" && axis.texts?.length === cells;
