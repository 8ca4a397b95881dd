// @ts-check
/** What the lines and squares of a network mean. */

import { element, shape } from "./drawing.js";
import { say } from "./words.js";

/**
 * @param {HTMLElement} host emptied and filled
 * @param {boolean} isBoxes
 */
export function drawNetworkLegend(host, isBoxes) {
  if (isBoxes) return host.replaceChildren();
  host.replaceChildren(
    item(sample("edge"), say("positive weight")),
    item(sample("edge is-negative"), say("negative weight")),
    item(square("bias"), say("positive bias")),
    item(square("bias is-negative"), say("negative bias")),
    item(square("frozen-mark"), say("frozen")),
  );
}

/**
 * @param {SVGSVGElement} sign
 * @param {string} text
 */
const item = (sign, text) => element("li", {}, sign, element("span", {}, text));

/** @param {string} name */
function sample(name) {
  const line = shape("path", { class: name, d: "M1 5H25", "stroke-width": 2.5, fill: "none" });
  return shape("svg", { width: 26, height: 10, "aria-hidden": "true" }, line);
}

/** @param {string} name */
function square(name) {
  const sign = shape("rect", { class: name, x: 1.5, y: 1.5, width: 7, height: 7 });
  return shape("svg", { width: 10, height: 10, "aria-hidden": "true" }, sign);
}
