// @ts-check
/** Single-key shortcuts, which can be switched off, since those who speak to their computer press keys by saying words. */

import { remember, remembered } from "./theme.js";
import { say } from "./words.js";

/** @typedef {{keys: string[], shown: () => string, text: () => string, act: () => void}} Shortcut */

/** Where a key has a meaning of its own. */
const OWNERS = "input, select, textarea, button, a, summary, [role=application], [role=tab], [role=slider], .network-lines, dialog, pre, .scroll";

export class Keyboard {
  /** @param {Shortcut[]} shortcuts */
  constructor(shortcuts) {
    this.shortcuts = shortcuts;
    this.isOn = remembered("shortcuts") !== "off";
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  /** @param {boolean} isOn */
  switch(isOn) {
    this.isOn = isOn;
    remember("shortcuts", isOn ? "on" : "off");
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (!this.isOn || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    const owner = target instanceof Element ? target.closest(OWNERS) : null;
    if (owner && !leaves(owner, event.key)) return;
    const shortcut = this.shortcuts.find(({ keys }) => keys.includes(event.key));
    if (!shortcut) return;
    event.preventDefault();
    shortcut.act();
  }
}

/**
 * A button needs the space bar and Enter only.
 *
 * @param {Element} owner
 * @param {string} key
 */
const leaves = (owner, key) => owner.matches("button:not([role]), a, summary") && key !== " " && key !== "Enter";

/**
 * @param {import("./lab.js").Lab} lab
 * @param {Record<string, () => void>} acts
 * @returns {Shortcut[]}
 */
export function shortcutsOf(lab, acts) {
  return [
    { keys: [" "], shown: () => say("Space"), text: () => say("play or pause"), act: acts.toggle },
    { keys: ["ArrowRight"], shown: () => "→", text: () => say("one epoch on"), act: () => lab.step("epoch") },
    { keys: ["ArrowLeft"], shown: () => "←", text: () => say("one epoch back"), act: () => lab.act("back") },
    { keys: ["s"], shown: () => "S", text: () => say("learn from one batch, or one row"), act: acts.small },
    { keys: ["r"], shown: () => "R", text: () => say("same start"), act: () => lab.act("restart") },
    { keys: ["n"], shown: () => "N", text: () => say("new start"), act: () => lab.act("reseed") },
    { keys: ["d"], shown: () => "D", text: () => say("probability or decision"), act: acts.decision },
    { keys: ["l"], shown: () => "L", text: () => say("log scale of the curves"), act: acts.log },
    { keys: ["p"], shown: () => "P", text: () => say("pin this run"), act: () => lab.act("pin") },
    { keys: ["u"], shown: () => "U", text: () => say("undo the last weight"), act: () => lab.act("undo") },
    { keys: ["?"], shown: () => "?", text: () => say("this help"), act: acts.help },
  ];
}
