// @ts-check
/** The corner of the page: language, light and dark, projector, help. */

import { segmented } from "./controls.js";
import { Help } from "./controls_help.js";
import { button } from "./dom.js";
import { Keyboard, shortcutsOf } from "./keyboard.js";
import { isDark, isProjector, remember, toggleProjector, toggleTheme } from "./theme.js";
import { language, onLanguage, say, setLanguage } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */

export class Tools {
  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   * @param {import("./controls_panels.js").Panels} panels
   */
  constructor(host, lab, panels) {
    this.lab = lab;
    this.help = new Help(document.body, this.#keyboard(panels));
    this.dark = button({ text: () => say("Dark"), press: () => this.#toggle(toggleTheme), kind: "quiet" });
    this.projector = button({
      ...{ text: () => say("Projector"), press: () => this.#toggle(toggleProjector), kind: "quiet only-wide" },
      hint: () => say("Everything larger, for the back row"),
    });
    const help = button({ text: () => say("Help"), press: () => this.help.open(), kind: "quiet" });
    host.append(this.#language(), this.dark, this.projector, help);
    this.#look();
  }

  #language() {
    const both = segmented({
      ...{ name: () => say("Language"), kind: "is-small" },
      choices: [
        { value: "pt_BR", text: () => "PT" },
        { value: "en", text: () => "EN" },
      ],
      choose: (code) => this.#speak(code),
    });
    onLanguage(() => both.show(language()));
    both.show(language());
    return both.node;
  }

  /** @param {import("./words.js").Language} code */
  async #speak(code) {
    remember("language", code);
    await setLanguage(code);
    this.lab.change({ language: code });
  }

  /** @param {import("./controls_panels.js").Panels} panels */
  #keyboard(panels) {
    const { bar } = panels;
    return new Keyboard(
      shortcutsOf(this.lab, {
        toggle: () => bar.toggle(),
        small: () => this.lab.step(bar.smallest),
        decision: () => panels.mapControls.toggleDecision(),
        log: () => panels.curveControls.toggleLog(),
        help: () => this.help.open(),
      }),
    );
  }

  /** @param {() => void} toggle */
  #toggle(toggle) {
    toggle();
    this.#look();
  }

  #look() {
    this.dark.setAttribute("aria-pressed", String(isDark()));
    this.projector.setAttribute("aria-pressed", String(isProjector()));
  }
}
