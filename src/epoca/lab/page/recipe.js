// @ts-check
/** Taking it along: the same as a command, as Python, as a link, as a record, as a model file. */

import { check } from "./controls.js";
import { button, copyable, saying } from "./dom.js";
import { element, setText } from "./drawing.js";
import { CHOICES, linkOf } from "./link.js";
import { say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */

/** Parts of the page that a link for a lesson can hide, with what they are called. */
const PARTS = {
  data: () => say("data"),
  path: () => say("perceptron, neuron, network"),
  learner: () => say("layers"),
  settings: () => say("settings"),
  story: () => say("what it shows"),
  more: () => say("the tables below"),
};

export class RecipePanel {
  static keys = ["recipe", "status", "table", "epoch", ...CHOICES];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.lab = lab;
    const copy = [() => say("Copy"), () => say("Copied")];
    this.sentence = element("p", { class: "note" });
    this.command = copyable(() => say("On the command line"), copy[0], copy[1]);
    this.python = copyable(() => say("In Python"), copy[0], copy[1]);
    this.link = copyable(() => say("As a link"), copy[0], copy[1]);
    this.hidden = /** @type {string[]} */ ([]);
    this.model = saying("a", () => say("Save the model (.safetensors)"), { download: "" });
    this.table = saying("a", () => say("Save the table (.csv)"), { download: "" });
    this.file = element("input", { type: "file", accept: ".json", class: "unseen", tabindex: -1, "aria-hidden": "true" });
    this.file.addEventListener("change", () => this.#replay());
    host.append(
      element("div", { class: "row" }, this.model, this.table, this.#record(), this.#replayButton(), this.file),
      this.sentence,
      element("div", { class: "side-by-side" }, this.command.node, this.python.node),
      this.link.node,
      saying("p", () => say("It holds what was chosen; what was changed by hand, points or weights, only the record (.json) holds."), { class: "small" }),
      this.#lesson(),
    );
  }

  #record() {
    const save = async () => {
      const record = await this.lab.ask("record");
      if (record) saveAs("epoca-record.json", JSON.stringify(record, null, 2));
    };
    return button({ text: () => say("Save the record (.json)"), press: save });
  }

  #replayButton() {
    return button({
      ...{ text: () => say("Replay a record …"), press: () => this.file.click() },
      hint: () => say("Does everything again that a record tells, to the last digit"),
    });
  }

  async #replay() {
    const file = this.file.files?.[0];
    if (!file) return;
    const text = await file.text();
    this.file.value = "";
    let record;
    try {
      record = JSON.parse(text);
    } catch {
      return this.lab.refuse(say("{file} is no record: it holds no JSON.", { file: file.name }));
    }
    await this.lab.replay(record);
  }

  #lesson() {
    const boxes = Object.entries(PARTS).map(([part, name]) => {
      const box = check({ name, choose: (isHidden) => this.#hide(part, isHidden) });
      return box.node;
    });
    const legend = saying("legend", () => say("For a lesson the link can hide:"));
    return element("fieldset", { class: "checks" }, legend, ...boxes);
  }

  /**
   * @param {string} part
   * @param {boolean} isHidden
   */
  #hide(part, isHidden) {
    const rest = this.hidden.filter((one) => one !== part);
    this.hidden = isHidden ? [...rest, part] : rest;
    this.renderLink(this.lab.state);
  }

  /** @param {State} state */
  renderLink(state) {
    this.link.show(linkOf(state, this.hidden));
  }

  /** @param {State} state */
  render(state) {
    const { recipe, status, table, epoch } = state;
    setText(this.sentence, recipe?.sentence ?? "");
    this.sentence.hidden = !recipe?.sentence;
    this.command.show(recipe?.command ?? "");
    this.python.show(recipe?.python ?? "");
    this.model.href = this.lab.fileOf("model");
    this.model.hidden = epoch === 0;
    this.table.href = this.lab.fileOf("table");
    this.table.hidden = table === "model" || status === "failed";
    this.renderLink(state);
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function saveAs(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
