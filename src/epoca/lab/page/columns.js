// @ts-check
/** What was done to each column of the table, and which of them are learned from. */

import { saying, table } from "./dom.js";
import { element } from "./drawing.js";
import { number, say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */
/** @typedef {{name: string, kind: string, inputs: number, missing: number, note: string, role: string}} Column */

export class ColumnsPanel {
  static keys = ["columns", "left_out"];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.lab = lab;
    this.host = host;
  }

  /** @param {State} state */
  render({ columns, left_out: leftOut }) {
    const headings = [say("column"), say("learned from"), say("kind"), say("inputs"), say("missing"), say("what became of it")];
    const told = new Set(columns.map((/** @type {Column} */ { name }) => name));
    const absent = leftOut.filter((/** @type {string} */ name) => !told.has(name)).map(leftAside);
    const lines = [...columns, ...absent].map((column) => this.#line(column, leftOut));
    const about = saying("p", () => say("A network sees numbers only. This is how each column becomes inputs, by the rows learned from alone."));
    this.host.replaceChildren(about, table(headings, lines, { name: say("Columns"), texts: [1, 2, 5] }));
  }

  /**
   * @param {Column} column
   * @param {string[]} leftOut
   */
  #line(column, leftOut) {
    const { name, kind, inputs, missing, note } = column;
    return [name, this.#use(column, leftOut), kind, number(inputs), number(missing), note];
  }

  /**
   * @param {Column} column
   * @param {string[]} leftOut
   */
  #use({ name, role }, leftOut) {
    if (role === "target") return say("to predict");
    const box = element("input", { type: "checkbox", "aria-label": say("Learn from {name}", { name }) });
    box.checked = !leftOut.includes(name);
    box.addEventListener("change", () => {
      const rest = leftOut.filter((one) => one !== name);
      this.lab.change({ left_out: box.checked ? rest : [...rest, name] });
    });
    return box;
  }
}

/**
 * @param {string} name
 * @returns {Column}
 */
const leftAside = (name) => ({ name, kind: "", inputs: 0, missing: 0, note: "", role: "unused" });
