// @ts-check
/** What is told beside the drawings: to ears, politely and not too often, and to eyes, in a line that goes by itself. */

import { button } from "./dom.js";
import { element, setAttributes, setText } from "./drawing.js";
import { say } from "./words.js";

const PAUSE = 1500;
const READING = 9000;

/** Events in words for a screen reader; of those that come in haste only the last is told. */
export class Live {
  #last = 0;
  #timer = 0;
  #isFirm = false;

  /** @param {HTMLElement} region with aria-live="polite" */
  constructor(region) {
    this.region = region;
  }

  /**
   * @param {string} text
   * @param {boolean} [isFirm] told whatever comes in haste
   */
  announce(text, isFirm = false) {
    if (this.#isFirm && !isFirm) return;
    this.#isFirm = isFirm;
    window.clearTimeout(this.#timer);
    const wait = Math.max(0, this.#last + PAUSE - performance.now());
    this.#timer = window.setTimeout(() => {
      this.#last = performance.now();
      this.#isFirm = false;
      this.region.replaceChildren(text); // a node of its own, so that the same sentence is read again
    }, wait);
  }
}

/** A sentence at the foot of the page: why the server has not followed, or what it did beyond what was asked. */
export class Toast {
  #timer = 0;

  /** @param {HTMLElement} host */
  constructor(host) {
    this.text = element("p");
    this.node = element("div", { class: "toast", hidden: true }, this.text);
    this.node.append(button({ text: () => say("Close"), press: () => this.hide(), kind: "quiet" }));
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.hide());
    host.append(this.node);
  }

  /**
   * @param {string} sentence
   * @param {boolean} [isNews] no refusal: ears are told elsewhere, more politely
   */
  show(sentence, isNews = false) {
    window.clearTimeout(this.#timer);
    setAttributes(this.node, { class: isNews ? "toast is-news" : "toast", role: isNews ? null : "alert" });
    this.node.hidden = false;
    setText(this.text, sentence);
    this.#timer = window.setTimeout(() => this.#hideUnlessUsed(), READING);
  }

  /** Whoever is reading, with the pointer or the focus on it, is not hurried. */
  #hideUnlessUsed() {
    if (this.node.matches(":hover, :focus-within")) this.#timer = window.setTimeout(() => this.#hideUnlessUsed(), PAUSE);
    else this.hide();
  }

  hide() {
    this.node.hidden = true;
  }
}

/**
 * Tells the events of a training; not its numbers, which change all the time.
 *
 * @param {import("./lab.js").Lab} lab
 * @param {Set<string>} changed keys of the state
 */
export function narrate({ live, state }, changed) {
  const text = changed.has("status") ? statusText(state) : changed.has("problem_sentence") ? state.problem_sentence : "";
  if (text) live.announce(text);
}

/** @param {Record<string, any>} state */
function statusText({ status, epoch, ideal, verdict, problem_sentence: problem }) {
  if (status === "playing") return say("It is learning …");
  if (status === "paused") return epoch === 0 ? say("Ready to learn.") : say("Paused after epoch {epoch}.", { epoch });
  if (status === "failed") return problem;
  if (status !== "ended") return "";
  const parts = [say("Ended after epoch {epoch}.", { epoch }), ...(ideal?.told ?? []), verdict?.headline ?? ""];
  return parts.join(" ");
}
