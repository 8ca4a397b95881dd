// @ts-check
/** The weights as lines: wide where large, orange and whole where positive, blue and dashed where negative. */

import { setAttributes, shape } from "./drawing.js";
import { weightIndex } from "./network-layout.js";
import { weightName } from "./network-names.js";

/** @typedef {import("./network-layout.js").Layout} Layout */
/** @typedef {import("./network-layout.js").Node} Node */

/**
 * @typedef {object} Edge
 * @property {number} layer
 * @property {Node} from
 * @property {Node} to
 * @property {number} index among all parameters
 * @property {number} place in the weights of its layer
 * @property {SVGPathElement} path
 * @property {number} width as drawn
 * @property {boolean} isNegative as drawn
 */

const THINNEST = 0.4;
/** With more edges than these between two layers each is thinner and paler. */
const DENSE = 100;

export class Edges {
  constructor() {
    this.halo = shape("path", { class: "edge-halo", fill: "none" });
    this.lines = shape("g", { class: "edges" });
    this.marks = shape("g", { class: "edge-marks", "aria-hidden": "true" });
    /** @type {Edge[]} */
    this.all = [];
    /** @type {Edge[][]} */
    this.layers = [];
  }

  /**
   * @param {Layout} layout
   * @param {number[]} sizes
   * @param {Partial<import("./drawing-types.js").State>} state by which the ends of an edge are called
   */
  build({ columns, isBoxes }, sizes, state) {
    this.layers = isBoxes
      ? []
      : columns.slice(1).map((column, layer) => {
          const pairs = columns[layer].nodes.flatMap((from) => column.nodes.map((to) => ({ from, to })));
          return pairs.map(({ from, to }) => makeEdge(from, to, sizes));
        });
    this.all = this.layers.flat();
    for (const { path, from, to } of this.all) path.setAttribute("aria-label", weightName(state, from, to));
    this.layers.forEach((edges) => edges.length > DENSE && edges.forEach(({ path }) => path.classList.add("is-dense")));
    this.lines.replaceChildren(...this.all.map((edge) => edge.path));
    this.marks.replaceChildren();
    this.point(null);
  }

  /** @param {number[][]} weights layer by layer */
  update(weights) {
    this.layers.forEach((edges, layer) => updateLayer(edges, weights[layer] ?? []));
  }

  /** @param {Set<number>} frozen indices of parameters */
  markFrozen(frozen) {
    const marks = this.all
      .filter((edge) => frozen.has(edge.index))
      .map(({ from, to }) => {
        const [x, y] = [(from.x + from.half + to.x - to.half) / 2, (from.y + to.y) / 2];
        return shape("rect", { class: "frozen-mark", x: x - 3, y: y - 3, width: 6, height: 6 });
      });
    this.marks.replaceChildren(...marks);
  }

  /**
   * Draws a halo around one edge: under the pointer, focused, or selected.
   *
   * @param {Edge | null} edge
   */
  point(edge) {
    setAttributes(this.halo, {
      d: edge ? edge.path.getAttribute("d") : null,
      "stroke-width": edge ? edge.width + 5 : 0,
    });
  }

  /**
   * The edge nearest to a place: thin lines are caught from some pixels away.
   *
   * @param {number} x
   * @param {number} y
   * @returns {Edge | null}
   */
  nearest(x, y) {
    const gap = this.layers.find(
      ([first]) => first && x > first.from.x + first.from.half && x < first.to.x - first.to.half,
    );
    let found = null;
    let least = 7;
    for (const edge of gap ?? []) {
      const distance = Math.abs(heightAt(edge, x) - y);
      if (distance < least) [found, least] = [edge, distance];
    }
    return found;
  }

  /**
   * @param {number} layer
   * @param {number} from
   * @param {number} to
   */
  find(layer, from, to) {
    return this.layers[layer]?.find((edge) => edge.from.index === from && edge.to.index === to) ?? null;
  }

  /** @param {Node} node */
  into(node) {
    return (this.layers[node.layer] ?? []).filter((edge) => isSame(edge.to, node));
  }

  /**
   * Lets one edge, or those of one node, stand out from the others.
   *
   * @param {Edge | Node | null} what
   */
  single(what) {
    const isOfIt = (/** @type {Edge} */ edge) =>
      what !== null && ("path" in what ? edge === what : isSame(edge.from, what) || isSame(edge.to, what));
    this.lines.classList.toggle("has-single", what !== null);
    for (const edge of this.all) edge.path.classList.toggle("is-single", isOfIt(edge));
  }
}

/**
 * @param {Node} one
 * @param {Node} other
 */
const isSame = (one, other) => one.column === other.column && one.index === other.index;

/**
 * @param {Node} from
 * @param {Node} to
 * @param {number[]} sizes
 * @returns {Edge}
 */
function makeEdge(from, to, sizes) {
  const [x1, x2] = [from.x + from.half, to.x - to.half];
  const middle = (x1 + x2) / 2;
  const d = `M${x1} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${x2} ${to.y}`;
  const path = shape("path", {
    class: "edge",
    d,
    fill: "none",
    tabindex: -1,
    role: "button",
    "stroke-width": THINNEST,
  });
  const layer = to.layer;
  const place = from.index * sizes[layer + 1] + to.index;
  const index = weightIndex(sizes, layer, from.index, to.index);
  return { layer, from, to, index, place, path, width: THINNEST, isNegative: false };
}

/**
 * Widths go by the root of a weight relative to the largest one of its layer. Only what looks different is written.
 *
 * @param {Edge[]} edges
 * @param {number[]} weights
 */
function updateLayer(edges, weights) {
  let largest = 0;
  for (const weight of weights) if (Math.abs(weight) > largest) largest = Math.abs(weight);
  const widest = edges.length > DENSE ? 2.5 : edges.length > 60 ? 3.25 : 4.5;
  for (const edge of edges) {
    const weight = weights[edge.place] ?? 0;
    const share = largest > 0 ? Math.sqrt(Math.abs(weight) / largest) : 0;
    const width = Math.round(10 * Math.max(THINNEST, widest * share)) / 10;
    if (width !== edge.width) {
      edge.width = width;
      edge.path.setAttribute("stroke-width", String(width));
    }
    if (weight < 0 !== edge.isNegative) {
      edge.isNegative = weight < 0;
      edge.path.classList.toggle("is-negative", edge.isNegative);
    }
  }
}

/**
 * How high an edge runs at x. Its curve is x(t) = x1 + (x2 - x1)(1.5 t - 1.5 t² + t³), solved by a few Newton steps.
 *
 * @param {Edge} edge
 * @param {number} x
 */
function heightAt({ from, to }, x) {
  const [x1, x2] = [from.x + from.half, to.x - to.half];
  const aim = (x - x1) / (x2 - x1);
  let t = aim;
  for (let i = 0; i < 4; i += 1) t -= (t * (1.5 + t * (t - 1.5)) - aim) / (1.5 - 3 * t + 3 * t * t);
  return from.y + (to.y - from.y) * t * t * (3 - 2 * t);
}
