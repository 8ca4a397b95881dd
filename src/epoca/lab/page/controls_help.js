// @ts-check
/** The help: what is where, and the shortcuts. */

import { check } from "./controls.js";
import { button, saying } from "./dom.js";
import { element, nextId } from "./drawing.js";
import { onLanguage, say } from "./words.js";

/** @typedef {import("./keyboard.js").Keyboard} Keyboard */

export class Help {
  /**
   * @param {HTMLElement} host
   * @param {Keyboard} keyboard
   */
  constructor(host, keyboard) {
    this.keyboard = keyboard;
    this.keys = element("dl", { class: "keys" });
    this.node = this.#dialog();
    host.append(this.node);
    onLanguage(() => this.#list());
    this.#list();
  }

  #dialog() {
    const id = nextId();
    const { keyboard } = this;
    const isOn = check({ name: () => say("Single keys are shortcuts"), choose: (on) => keyboard.switch(on) });
    isOn.show(keyboard.isOn);
    const close = button({ text: () => say("Close"), press: () => this.node.close() });
    return element(
      "dialog",
      { class: "help", "aria-labelledby": id },
      saying("h2", () => say("How the lab works"), { id }),
      saying("p", () => say("Choose data on the left, shape the network in the middle, press Play, and watch the map and the curves on the right.")),
      saying("p", () => say("On the map the colour is the class predicted there, the stronger the surer. A point in a colour unlike its surroundings is predicted wrongly.")),
      saying("p", () => say("A line of the network is a weight: the thicker, the larger; orange adds, blue dashes take away. Click a neuron, a line or a point for its numbers.")),
      saying("p", () => say("The curves show the error on the rows learned from and on rows not seen. Where the second is least, the flag marks the ideal epoch. Drag the handle to go back to any epoch.")),
      saying("h3", () => say("Shortcuts")),
      this.keys,
      isOn.node,
      element("div", { class: "row" }, close),
    );
  }

  #list() {
    const items = this.keyboard.shortcuts.map(({ shown, text }) =>
      element("div", {}, element("dt", {}, element("kbd", {}, shown())), element("dd", {}, text())),
    );
    this.keys.replaceChildren(...items);
  }

  open() {
    this.node.showModal();
  }
}
