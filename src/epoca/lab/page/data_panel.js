// @ts-check
/** The data: samples, tables brought by the reader, and what of them is learned. */

import { menu, numeric, slider, stepper } from "./controls.js";
import { folded, saying } from "./dom.js";
import { bringing } from "./data_upload.js";
import { SliceControls } from "./data_slice.js";
import { thumbnail } from "./data_thumbnails.js";
import { element } from "./drawing.js";
import { percent, say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */

const ROWS = [4, 8, 12, 20, 40, 60, 100, 150, 200, 300, 400, 500, 600, 800, 1000, 1500, 2000];

/** @type {Record<string, () => string>} what the samples are called */
const NAMES = {
  and: () => say("AND"),
  or: () => say("OR"),
  xor: () => say("XOR"),
  blobs: () => say("Blobs"),
  moons: () => say("Moons"),
  circles: () => say("Circles"),
  spirals: () => say("Spirals"),
  iris: () => say("Iris"),
  penguins: () => say("Penguins"),
  wine: () => say("Wine"),
  breast_cancer: () => say("Breast cancer"),
  digits: () => say("Digits"),
  diabetes: () => say("Diabetes"),
};

export class DataPanel {
  static keys = [
    ...["samples", "tables", "table", "rows", "noise", "classes", "data_seed", "test_size", "target", "table_columns"],
    ...["axes_of", "columns", "sliders", "held"],
  ];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.lab = lab;
    this.gallery = element("div", { class: "gallery" });
    this.others = menu({ name: () => say("More tables"), choose: (table) => table && lab.change({ table }) });
    this.controls = this.#drawn();
    this.test_size = slider({
      ...{ name: () => say("Set aside for the test"), range: { low: 0, high: 0.9, step: 0.05 } },
      written: (share) => percent(share, 0),
      hint: () => say("Rows that are used for no choice at all"),
      choose: (test_size) => lab.change({ test_size }),
    });
    this.drawn = element("div", { class: "fields" }, ...Object.values(this.controls).map(({ node }) => node));
    this.test_size.node.classList.add("set-aside");
    this.target = menu({ name: () => say("To predict"), kind: "to-predict", choose: (target) => lab.change({ target }) });
    this.points = element("div", { class: "points" });
    this.slice = new SliceControls(lab);
    this.columns = folded(() => say("Columns and axes"), this.target.node, this.slice.node);
    host.append(this.gallery, this.others.node, ...bringing(lab), this.drawn, this.test_size.node, this.points, this.columns);
  }

  #drawn() {
    const { change } = this.lab;
    return {
      rows: slider({ name: () => say("Points"), stops: ROWS, choose: (rows) => change({ rows }) }),
      noise: slider({ name: () => say("Noise"), choose: (noise) => change({ noise }) }),
      classes: stepper({
        ...{ name: () => say("Classes"), low: 2, high: 6 },
        ...{ less: () => say("One class less"), more: () => say("One class more") },
        choose: (classes) => change({ classes }),
      }),
      data_seed: numeric({
        ...{ name: () => say("Seed of the points"), isWhole: true, kind: "is-inline is-short" },
        choose: (data_seed) => change({ data_seed }),
      }),
    };
  }

  /** @param {State} state */
  render(state) {
    const { samples, tables, table, classes, test_size: testSize } = state;
    this.#renderGallery(samples, table);
    this.#renderOthers(samples, tables, table);
    const isDrawn = isDrawnTable(state);
    this.drawn.hidden = !isDrawn;
    if (isDrawn) for (const [key, control] of Object.entries(this.controls)) control.show(/** @type {never} */ (state[key] ?? 0));
    this.controls.classes.node.hidden = !isDrawn || classes === null;
    this.test_size.show(testSize);
    this.#renderColumns(state, isDrawn);
  }

  /**
   * @param {{name: string, title: string, drawn: boolean}[]} samples
   * @param {string} table
   */
  #renderGallery(samples, table) {
    const drawn = samples.filter((sample) => sample.drawn);
    const focused = this.gallery.contains(document.activeElement) ? document.activeElement?.getAttribute("value") : null;
    this.gallery.replaceChildren(...drawn.map((sample) => this.#tile(sample, table)));
    if (focused) /** @type {HTMLElement | null} */ (this.gallery.querySelector(`[value="${focused}"]`))?.focus();
  }

  /**
   * @param {{name: string, title: string}} sample
   * @param {string} table
   */
  #tile({ name, title }, table) {
    const picture = thumbnail(name);
    const text = element("span", {}, nameOf(name));
    const node = element("button", { type: "button", title, value: name, "aria-pressed": String(name === table) });
    node.append(...(picture ? [picture] : []), text);
    node.addEventListener("click", () => this.lab.change({ table: name }));
    return node;
  }

  /**
   * @param {{name: string, title: string, drawn: boolean}[]} samples
   * @param {{id: string, name: string}[]} tables
   * @param {string} table
   */
  #renderOthers(samples, tables, table) {
    const measured = samples.filter((sample) => !sample.drawn).map(({ name }) => ({ value: name, text: nameOf(name) }));
    const brought = tables.map(({ id, name }) => ({ value: id, text: name }));
    const opened = table === "model" ? [{ value: "model", text: say("The model file") }] : [];
    this.others.offer([{ value: "", text: say("choose …") }, ...opened, ...brought, ...measured]);
    this.others.show([...opened, ...brought, ...measured].some(({ value }) => value === table) ? table : "");
  }

  /**
   * @param {State} state
   * @param {boolean} isDrawn
   */
  #renderColumns(state, isDrawn) {
    const names = state.table_columns ?? [];
    const unchosen = state.target ? [] : [{ value: "", text: say("choose …") }];
    this.target.offer([...unchosen, ...names.map((/** @type {string} */ name) => ({ value: name, text: name }))]);
    this.target.show(state.target);
    this.target.node.classList.toggle("asks", !state.target);
    this.slice.render(state);
    // The reader's own table asks for these; of drawn points they are of no interest.
    if (this.columns.dataset.table !== state.table) this.columns.open = !isDrawn;
    this.columns.dataset.table = state.table;
  }
}

/** @param {State} state */
const isDrawnTable = ({ samples, table }) => samples.some((/** @type {any} */ sample) => sample.name === table && sample.drawn);

/** @param {string} name */
const nameOf = (name) => NAMES[name]?.() ?? name;

/** The heading of the data. */
export const dataHeading = () => saying("h2", () => say("Data"));
