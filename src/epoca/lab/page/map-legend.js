// @ts-check
/** What the signs on the map mean. */

import { classColour, classLetter, numberColour } from "./colours.js";
import { element } from "./drawing.js";
import { pointSample } from "./map-points.js";
import { fitted, fittedAll } from "./text-width.js";
import { number, say } from "./words.js";

/** @typedef {Partial<import("./drawing-types.js").State>} State */

const WIDEST = 130;

/**
 * @param {HTMLElement} host emptied and filled
 * @param {State} state
 */
export function drawClassLegend(host, state) {
  const labels = state.labels ?? [];
  const shown = fittedAll(labels, WIDEST, 13);
  const items = labels.map((label, code) => {
    const look = { code, colour: classColour(code), isHollow: false, isWrong: false };
    const letter = labels.length > 2 ? [element("b", {}, classLetter(code))] : [];
    return element("li", { title: label }, pointSample(look), ...letter, element("span", {}, shown[code]));
  });
  const first = { code: 0, colour: "#8a8a8a" };
  if (hasRows(state)) items.push(note(pointSample({ ...first, isHollow: false, isWrong: true }), say("predicted wrongly")));
  if (hasTestRows(state)) items.push(note(pointSample({ ...first, isHollow: true, isWrong: false }), say("test row")));
  host.replaceChildren(...items);
}

/**
 * The colours of numbers, from low to high.
 *
 * @param {HTMLElement} host emptied and filled
 * @param {State} state
 */
export function drawNumberLegend(host, state) {
  const bar = element("canvas", { width: 120, height: 1, class: "map-bar", "aria-hidden": "true" });
  const context = bar.getContext("2d");
  for (let i = 0; context && i < 120; i += 1) {
    context.fillStyle = numberColour(i / 119);
    context.fillRect(i, 0, 1, 1);
  }
  const { target = "" } = state;
  const scale = [element("span", { class: "map-low" }), bar, element("span", { class: "map-high" })];
  const items = [element("li", { class: "map-numbers", title: target }, element("span", {}, fitted(target, WIDEST, 13)), ...scale)];
  if (hasTestRows(state)) {
    const look = { code: 0, colour: "#8a8a8a", isHollow: true, isWrong: false };
    items.push(note(pointSample(look), say("test row")));
  }
  host.replaceChildren(...items);
}

/**
 * @param {HTMLElement} host
 * @param {number} low
 * @param {number} high
 */
export function setNumberRange(host, low, high) {
  const [left, right] = [host.querySelector(".map-low"), host.querySelector(".map-high")];
  if (left) left.textContent = number(low, 3);
  if (right) right.textContent = number(high, 3);
}

/** @param {State} state */
const hasRows = (state) => (state.points?.rows.length ?? 0) > 0;

/** @param {State} state */
const hasTestRows = (state) => state.points?.part.includes("test") ?? false;

/**
 * @param {HTMLElement} sign
 * @param {string} text
 */
const note = (sign, text) => element("li", { class: "map-note" }, sign, element("span", {}, text));
