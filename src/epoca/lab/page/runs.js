// @ts-check
/** Runs side by side: pin one, change one thing, and hold the numbers and the maps against each other. */

import { menu } from "./controls.js";
import { button, saying, table } from "./dom.js";
import { element } from "./drawing.js";
import { RunsMaps } from "./runs-maps.js";
import { fixed, number, percent, say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */

export class RunsPanel {
  static keys = ["runs", "status"];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.lab = lab;
    this.list = element("div");
    this.pin = button({ text: () => say("Pin this run"), press: () => lab.act("pin"), icon: "plus" });
    this.save = saying("a", () => say("Save as CSV"), { download: "" });
    this.against = againstMenu(lab);
    this.maps = new RunsMaps(lab);
    const about = saying("p", () => say("Pin a run, change one thing, run again: the pinned curves lie dashed under the new ones, and the border of its classes as a thin line on the map."));
    const top = element("div", { class: "row" }, this.pin, this.save, this.against.node);
    host.append(about, top, this.list, this.maps.node);
    lab.pinned.on(() => this.maps.render());
  }

  /** @param {State} state */
  render({ runs }) {
    this.save.href = this.lab.fileOf("runs");
    this.save.hidden = runs.length === 0;
    const headings = [
      ...[say("run"), say("settings"), say("ideal epoch"), say("training loss"), say("held-out loss")],
      ...[say("held-out accuracy"), say("seconds"), ""],
    ];
    const lines = runs.map((/** @type {any} */ run) => this.#line(run));
    this.list.replaceChildren(...(lines.length > 0 ? [table(headings, lines, { name: say("Runs side by side"), texts: [1] })] : []));
    this.maps.render();
  }

  draw() {
    this.maps.draw();
  }

  /** @param {any} run */
  #line({ id, table: name, settings, best, training, held_out: heldOut, accuracy, seconds }) {
    const remove = button({ text: () => say("Remove run {id}", { id }), icon: "minus", isBare: true, press: () => this.lab.act("unpin", { run: id }) });
    const about = name ? `${name}: ${settings}` : settings;
    return [number(id), about, number(best), number(training), number(heldOut), percent(accuracy), fixed(seconds, 1), remove];
  }
}

/**
 * The run set aside that the present one is held against.
 *
 * @param {Lab} lab
 */
export function againstMenu({ pinned }) {
  const against = menu({ name: () => say("Held against"), choose: (run) => pinned.choose(run === "" ? null : Number(run)) });
  const show = () => {
    const runs = pinned.runs.map(({ id, settings }) => ({ value: String(id), text: say("run {id}: {settings}", { id, settings }) }));
    against.offer([{ value: "", text: say("no other run") }, ...runs]);
    against.show(String(pinned.chosen ?? ""));
    against.node.hidden = runs.length === 0;
  };
  pinned.on(show);
  show();
  return against;
}
