// @ts-check
/** The bar that makes time pass: play, step, back, start again, speed; and where the training stands. */

import { menu, numeric } from "./controls.js";
import { button, icon, saying, setIcon } from "./dom.js";
import { element, setText } from "./drawing.js";
import { fixed, number, said, say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */

const SPEEDS = [1, 5, 20, 100, 0];

export class TransportBar {
  static keys = ["status", "epoch", "step", "steps", "viewed", "ideal", "now", "seed", "speed", "model", "batch_size", "epochs", "task"];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.lab = lab;
    this.playIcon = icon("play");
    this.playText = element("span");
    this.play = element("button", { type: "button", class: "play" }, this.playIcon, this.playText);
    this.play.addEventListener("click", () => this.toggle());
    const step = (/** @type {string} */ of) => () => lab.step(of);
    this.back = button({ text: () => say("One epoch back"), icon: "back", isBare: true, press: () => lab.act("back") });
    this.sample = button({ text: () => say("row"), icon: "forward", press: step("sample"), hint: () => say("Learn from one row") });
    this.batch = button({ text: () => say("batch"), icon: "forward", press: step("batch"), hint: () => say("Learn from one batch of rows") });
    this.epochStep = button({ text: () => say("epoch"), icon: "forward", press: step("epoch"), hint: () => say("Learn from all rows once") });
    this.count = element("strong");
    this.within = element("span", { class: "quiet" });
    this.training = element("strong");
    this.heldOut = element("strong");
    this.seed = numeric({
      ...{ name: () => say("Seed"), isWhole: true, kind: "is-short is-inline" },
      hint: () => say("Of everything random: the same seed begins the same, to the last digit."),
      choose: (seed) => lab.change({ seed }),
    });
    this.speed = menu({
      ...{ name: () => say("Speed"), kind: "is-inline is-bare" },
      choose: (speed) => lab.change({ speed: Number(speed) }),
    });
    const start = element("div", { class: "group is-start" }, this.#again(), this.#anew(), this.seed.node);
    const standing = element("div", { class: "standing" }, this.#epoch(), this.#losses());
    const rest = element("div", { class: "rest" }, standing, start, this.speed.node);
    host.append(this.play, this.#steps(), rest);
  }

  #again() {
    return button({
      ...{ text: () => say("Same start"), icon: "again", press: () => this.lab.act("restart"), kind: "same-start" },
      hint: () => say("Begin again with the same weights: all will come as it came."),
    });
  }

  #anew() {
    return button({
      ...{ text: () => say("New start"), icon: "dice", press: () => this.lab.act("reseed") },
      hint: () => say("Begin again with other weights: the next seed."),
    });
  }

  #steps() {
    const group = element("div", { class: "group is-steps", role: "group" }, this.back, this.sample, this.batch, this.epochStep);
    return said(group, () => say("Step"), "aria-label");
  }

  #epoch() {
    const name = saying("span", () => say("Epoch"), { class: "label" });
    return element("div", { class: "reading is-epoch" }, name, this.count, this.within);
  }

  #losses() {
    const training = reading("is-training", () => say("Training"), this.training, () => say("loss on rows learned from"));
    const heldOut = reading("is-held-out", () => say("Held out"), this.heldOut, () => say("loss on rows not seen"));
    said(training, () => say("Measured on the rows that each member learns from"), "title");
    said(heldOut, () => say("Measured on the rows that each member does not see"), "title");
    return element("div", { class: "readings" }, training, heldOut);
  }

  /** Play, pause, or go on past the end. */
  toggle() {
    const { status, viewed } = this.lab.state;
    if (status === "playing") this.lab.act("pause");
    else if (status === "ended" && typeof viewed !== "number") this.lab.act("go_on");
    else this.lab.act("play");
  }

  /** The smallest step that can be made: a row, or a batch of them. */
  get smallest() {
    return this.batch.hidden ? "sample" : "batch";
  }

  /** @param {State} state */
  render(state) {
    const { status, viewed } = state;
    const goesOn = status === "ended" && typeof viewed !== "number";
    setIcon(this.playIcon, status === "playing" ? "pause" : "play");
    setText(this.playText, status === "playing" ? say("Pause") : goesOn ? say("Go on") : say("Play"));
    this.play.disabled = status === "failed" || status === "loading";
    const isOver = this.play.disabled || goesOn;
    this.#renderSteps(state, isOver);
    this.seed.show(state.seed);
    this.speed.offer(SPEEDS.map((speed) => ({ value: String(speed), text: speedText(speed) })));
    this.speed.show(String(state.speed));
    this.#renderEpoch(state);
    if (state.now) this.#renderLosses(state.now);
    if (status === "failed") this.#renderLosses({ training: null, held_out: null });
  }

  /**
   * @param {State} state
   * @param {boolean} isOver
   */
  #renderSteps({ model, batch_size: size, epoch, step, viewed }, isOver) {
    const isOnline = model !== "network" || size === 1;
    this.sample.hidden = !isOnline;
    this.batch.hidden = isOnline;
    this.sample.disabled = this.batch.disabled = this.epochStep.disabled = isOver;
    this.back.disabled = (viewed === 0 || (epoch === 0 && step === 0)) ?? false;
  }

  /** @param {State} state */
  #renderEpoch({ epoch, epochs, step, steps, viewed, ideal }) {
    const isPast = typeof viewed === "number";
    const isIdeal = viewed === "kept" && ideal;
    setText(this.count, number(isPast ? viewed : isIdeal ? ideal.best : epoch));
    const within = step > 0 ? say("step {step} of {steps}", { step, steps }) : say("of at most {epochs}", { epochs });
    const newest = isIdeal ? say("the ideal one of {epoch}", { epoch }) : within;
    setText(this.within, isPast ? say("looking back from {epoch}", { epoch }) : newest);
  }

  /** @param {import("./drawing-types.js").Header & {losses: Record<string, number | null>}} header */
  draw({ losses, shown }) {
    const { now, viewed } = this.lab.state;
    // Within an epoch, or after a weight was changed by hand, the losses of the last epoch are another network's.
    this.#renderLosses(viewed === null && shown !== "kept" && now ? now : losses);
  }

  /** @param {Record<string, number | null>} losses */
  #renderLosses(losses) {
    setText(this.training, lossText(losses.training));
    setText(this.heldOut, lossText(losses.held_out));
  }
}

/**
 * @param {string} kind
 * @param {import("./dom.js").Sentence} name
 * @param {HTMLElement} value
 * @param {import("./dom.js").Sentence} more
 */
const reading = (kind, name, value, more) =>
  element("div", { class: `reading ${kind}` }, saying("span", name, { class: "label" }), value, saying("span", more, { class: "quiet" }));

/** @param {number | null} loss */
const lossText = (loss) => (loss !== null && loss < 100 ? fixed(loss, 4) : number(loss));

/** @param {number} speed */
function speedText(speed) {
  return speed === 0 ? say("as fast as it can") : say("{n} epochs/s", { n: speed });
}
