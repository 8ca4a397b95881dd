// @ts-check
/** The maps of the present run and of those set aside, side by side. */

import { onTheme } from "./colours.js";
import { element, emptied } from "./drawing.js";
import { MapPainter } from "./map-painter.js";
import { say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {import("./pinned.js").PinnedMap} PinnedMap */

const SIDE = 168;

export class RunsMaps {
  /** @param {Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.node = element("div", { class: "runs-maps" });
    onTheme(() => this.render());
  }

  /** One for each run of which a map is known. */
  render() {
    const { pinned } = this.lab;
    const made = pinned.runs.flatMap(({ id }) => {
      const map = pinned.mapOf(id);
      return map ? [this.#pinned(id, map)] : [];
    });
    const own = figure(this.canvas, say("this run, now"));
    this.node.replaceChildren(...(made.length > 0 ? [own, ...made] : []));
    this.draw();
  }

  /** The present run's map, as the large one shows it. */
  draw() {
    if (!this.canvas.isConnected || this.node.clientWidth === 0) return;
    const { canvas } = this.lab.map.painter;
    emptied(this.canvas, SIDE, SIDE).drawImage(canvas, 0, 0, SIDE, SIDE);
  }

  /**
   * @param {number} id
   * @param {PinnedMap} map
   */
  #pinned(id, { frame, axes, classes }) {
    const { map, pinned } = this.lab;
    const painter = new MapPainter();
    painter.canvas.setAttribute("aria-hidden", "true");
    painter.paint(frame, { classes, isDecision: map.options.decision });
    painter.show({ ...map.view, width: SIDE, height: SIDE }, axes);
    const made = figure(painter.canvas, say("run {id}: {across} and {up}", { id, across: axes[0].name, up: axes[1].name }));
    made.classList.toggle("is-chosen", pinned.chosen === id);
    return made;
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {string} caption
 */
const figure = (canvas, caption) => element("figure", {}, canvas, element("figcaption", {}, caption));
