// @ts-check
/** How often each class was taken for each, and the scores with the rows behind them. */

import { saying, table } from "./dom.js";
import { element } from "./drawing.js";
import { number, percent, say } from "./words.js";

/** @typedef {Record<string, any>} State */

export class ConfusionPanel {
  static keys = ["confusion", "scores", "labels", "task"];

  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
  }

  /** @param {State} state */
  render({ confusion, scores, labels }) {
    const parts = [];
    if (confusion) parts.push(matrix(confusion, labels));
    if (scores?.lines.length > 0) parts.push(scoreTable(scores));
    if (parts.length === 0) parts.push(saying("p", () => say("After a pause or at the end the scores stand here."), { class: "empty" }));
    this.host.replaceChildren(element("div", { class: "side-by-side" }, ...parts));
  }
}

/** @param {{headings: string[], lines: string[][], note?: string}} scores */
function scoreTable({ headings, lines, note }) {
  const told = table(headings, lines, { caption: say("Scores"), texts: [headings.length - 1] });
  return element("div", { class: "scores" }, told, ...(note ? [element("p", { class: "note" }, note)] : []));
}

/**
 * @param {{rows: string, counts: number[][]}} confusion
 * @param {string[]} labels
 */
function matrix({ rows, counts }, labels) {
  const total = counts.flat().reduce((sum, n) => sum + n, 0);
  const right = counts.reduce((sum, line, code) => sum + line[code], 0);
  const caption = rows === "test" ? say("What happened and what was predicted, of the test rows") : say("What happened and what was predicted, of rows not seen");
  // An arrow stays at its word.
  const corner = say("happened ↓ predicted →").replace(/ (?=[↓→])/g, "\u00a0");
  const headings = [corner, ...labels, say("right")];
  const lines = counts.map((line, code) => [labels[code], ...line.map((n, i) => cell(n, i === code)), shareOf(line, code)]);
  const share = percent(total ? right / total : null);
  const sentence = say("{right} of {total} rows are predicted rightly: {share}.", { right, total, share });
  return element("div", { class: "confusion" }, element("p", { class: "finding" }, sentence), table(headings, lines, { caption }));
}

/**
 * @param {number[]} line
 * @param {number} code
 */
function shareOf(line, code) {
  const total = line.reduce((sum, n) => sum + n, 0);
  return percent(total ? line[code] / total : null, 0);
}

/**
 * @param {number} n
 * @param {boolean} isRight
 */
const cell = (n, isRight) => element("span", { class: isRight ? "is-right" : n > 0 ? "is-wrong" : null }, number(n));
