// @ts-check
/** Tabs: arrow keys move between them, and only the chosen one's panel is seen and kept up to date. */

import { saying } from "./dom.js";
import { element, nextId } from "./drawing.js";
import { said, say } from "./words.js";

/** @typedef {{name: string, title: () => string}} Tab */

export class Tabs {
  /**
   * @param {HTMLElement} host
   * @param {Tab[]} tabs
   * @param {(name: string) => void} onChoose
   */
  constructor(host, tabs, onChoose) {
    this.tabs = tabs;
    this.onChoose = onChoose;
    this.list = said(element("div", { role: "tablist", class: "tabs" }), () => say("More about it"), "aria-label");
    this.panels = tabs.map(({ name }) => element("div", { role: "tabpanel", id: nextId(), class: `panel is-${name}`, tabindex: 0 }));
    this.buttons = tabs.map((tab, i) => this.#button(tab, this.panels[i]));
    this.list.addEventListener("keydown", (event) => this.#key(event));
    host.append(this.list, ...this.panels);
    this.choose(tabs[0].name);
  }

  /**
   * @param {Tab} tab
   * @param {HTMLElement} panel
   */
  #button({ name, title }, panel) {
    const node = saying("button", title, { type: "button", role: "tab", id: nextId(), "aria-controls": panel.id });
    panel.setAttribute("aria-labelledby", node.id);
    node.addEventListener("click", () => this.choose(name));
    this.list.append(node);
    return node;
  }

  /** @param {string} name */
  panel(name) {
    return this.panels[this.tabs.findIndex((tab) => tab.name === name)];
  }

  /** @param {string} name */
  choose(name) {
    this.chosen = name;
    this.tabs.forEach((tab, i) => {
      const isChosen = tab.name === name;
      this.panels[i].hidden = !isChosen;
      this.buttons[i].setAttribute("aria-selected", String(isChosen));
      this.buttons[i].tabIndex = isChosen ? 0 : -1;
    });
    this.onChoose(name);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.buttons.findIndex((one) => one === document.activeElement);
    const last = this.buttons.length - 1;
    const to = { ArrowLeft: at === 0 ? last : at - 1, ArrowRight: at === last ? 0 : at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.buttons[to].focus();
    this.choose(this.tabs[to].name);
  }
}
