// @ts-check
/** What the training shows, in words: the ideal epoch with its range, the verdict, its reasons, what to try next. */

import { button, folded, saying } from "./dom.js";
import { element, setText } from "./drawing.js";
import { say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */

/** Which colour stands before a headline. */
const MOODS = {
  good: ["well fitted"],
  mild: ["mildly overfitted", "trained too short", "capacity too small", "too few rows", "held-out part too small"],
  warning: ["strongly overfitted", "diverged", "nothing learned", "leaking", "held-out rows unlike"],
};

export class Story {
  static keys = ["status", "ideal", "verdict", "problem_sentence", "epoch", "step", "steps"];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.headline = element("h3", { class: "headline" });
    this.ideal = element("p", { class: "ideal" });
    this.reasons = element("ul", { class: "reasons" });
    this.advice = element("p", { class: "advice" });
    this.label = element("span");
    this.experiment = button({ text: () => say("Try it:"), press: () => lab.act("experiment"), kind: "experiment" });
    this.experiment.append(this.label);
    this.told = element("div");
    this.more = folded(() => say("More about the ideal epoch"), this.told);
    host.append(this.headline, this.ideal, this.reasons, this.advice, this.experiment, this.more);
  }

  /** @param {State} state */
  render(state) {
    const { verdict, ideal } = state;
    setText(this.headline, headlineOf(state));
    this.headline.dataset.mood = moodOf(verdict?.kind);
    setText(this.ideal, idealText(ideal, state));
    listTexts(this.reasons, verdict?.reasons ?? [], "li");
    listTexts(this.told, ideal?.told ?? [], "p");
    this.more.hidden = !ideal?.told?.length;
    setText(this.advice, verdict?.advice ?? "");
    setText(this.label, ` ${verdict?.experiment?.label ?? ""}`);
    this.experiment.hidden = !verdict?.experiment;
  }
}

/**
 * Texts one below the other; those that are there already stay, for a person may be reading them.
 *
 * @param {HTMLElement} host
 * @param {string[]} texts
 * @param {"li" | "p"} tag
 */
function listTexts(host, texts, tag) {
  const now = texts.join("\n");
  if (host.dataset.now === now) return;
  host.dataset.now = now;
  host.replaceChildren(...texts.map((text) => element(tag, {}, text)));
}

/** @param {State} state */
function headlineOf({ status, verdict, problem_sentence: problem, epoch, step, steps }) {
  if (problem) return problem;
  if (verdict && status !== "playing") return verdict.headline;
  if (status === "loading") return say("One moment …");
  if (epoch === 0 && step > 0) return say("Step {step} of {steps} in its first epoch.", { step, steps });
  if (epoch === 0) return say("Nothing is learned yet. Press Play.");
  if (status === "ended") return say("Ended after epoch {epoch}.", { epoch });
  if (status === "paused") return say("Paused after epoch {epoch}.", { epoch });
  return verdict?.headline ?? say("It is learning …");
}

/**
 * @param {{best: number, first: number, last: number, is_open: boolean} | null} ideal
 * @param {State} state
 */
function idealText(ideal, { epoch, status }) {
  if (!ideal) return epoch === 0 && status !== "failed" ? say("Watch the two curves: where the held-out loss is least lies the ideal epoch.") : "";
  const { best, first, last } = ideal;
  if (ideal.is_open) return say("Ideal epoch so far: {best}; later ones may be as good or better.", { best });
  if (status === "playing") return say("Ideal epoch so far: {best}; any from {first} to {last} is as good.", { best, first, last });
  return say("Ideal epoch: {best}; any from {first} to {last} is as good.", { best, first, last });
}

/** @param {string | undefined} kind */
function moodOf(kind) {
  return Object.entries(MOODS).find(([, kinds]) => kind && kinds.includes(kind))?.[0] ?? "unknown";
}

/** The heading of the story. */
export const storyHeading = () => saying("h2", () => say("What it shows"));
