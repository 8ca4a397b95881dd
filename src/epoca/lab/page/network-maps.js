// @ts-check
/** What every hidden neuron answers over the map, as a small picture inside of it: one canvas under all nodes. */

import { signShades } from "./colours.js";
import { contextOf, emptied } from "./drawing.js";

/** @typedef {import("./drawing-types.js").Frame} Frame */
/** @typedef {import("./network-layout.js").Layout} Layout */
/** @typedef {import("./network-layout.js").Node} Node */

const ROUNDED = 5;

export class NeuronMaps {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.sheet = document.createElement("canvas");
    /** @type {ImageData | null} */
    this.image = null;
    this.words = new Uint32Array(0);
    /** @type {Uint32Array | null} */
    this.shades = null;
    /** @type {Layout | null} */
    this.layout = null;
    this.outline = new Path2D();
  }

  forgetShades() {
    this.shades = null;
  }

  /** @param {Layout} layout */
  place(layout) {
    this.layout = layout;
    this.outline = new Path2D();
    for (const { x, y, half } of hiddenNodes(layout)) {
      this.outline.roundRect(x - half, y - half, 2 * half, 2 * half, ROUNDED);
    }
  }

  /** @param {Frame} frame */
  draw({ header, planes }) {
    const { layout } = this;
    if (!layout) return;
    const context = emptied(this.canvas, layout.width, layout.height);
    const { neurons } = header;
    if (!neurons || !planes.neurons?.length || layout.isBoxes) return;
    this.#paint(planes.neurons, neurons.size);
    context.save();
    context.clip(this.outline);
    for (const node of hiddenNodes(layout)) {
      const plane = planeOf(node, neurons.counts);
      if (plane >= 0) this.#stamp(context, node, plane, neurons.size);
    }
    context.restore();
  }

  /**
   * All planes onto one sheet, one below the other.
   *
   * @param {Uint8Array[]} planes
   * @param {number} size
   */
  #paint(planes, size) {
    const shades = (this.shades ??= signShades());
    const height = size * planes.length;
    if (this.image?.width !== size || this.image.height !== height) {
      this.sheet.width = size;
      this.sheet.height = height;
      this.image = contextOf(this.sheet).createImageData(size, height);
      this.words = new Uint32Array(this.image.data.buffer);
    }
    const { words } = this;
    planes.forEach((plane, n) => {
      // Lowest row first in a plane, highest first in a picture.
      for (let row = 0; row < size; row += 1) {
        const from = (size - 1 - row) * size;
        const to = (n * size + row) * size;
        for (let i = 0; i < size; i += 1) words[to + i] = shades[plane[from + i]];
      }
    });
    contextOf(this.sheet).putImageData(this.image, 0, 0);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Node} node
   * @param {number} plane
   * @param {number} size
   */
  #stamp(context, { x, y, half }, plane, size) {
    context.drawImage(this.sheet, 0, plane * size, size, size, x - half, y - half, 2 * half, 2 * half);
  }
}

/** @param {Layout} layout */
const hiddenNodes = ({ columns }) => columns.flatMap(({ kind, nodes }) => (kind === "hidden" ? nodes : []));

/**
 * @param {Node} node
 * @param {number[]} counts planes of each hidden layer
 */
function planeOf({ layer, index }, counts) {
  if (index >= (counts[layer] ?? 0)) return -1;
  return counts.slice(0, layer).reduce((sum, count) => sum + count, 0) + index;
}
