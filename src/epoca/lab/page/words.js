// @ts-check
/** Words and numbers in the reader's language: every text of the page is said here. */

/** @typedef {"en" | "pt_BR"} Language */
/** @typedef {Record<string, string | number>} Values */

/** @type {Language} */
let chosen = "en";
/** @type {Record<string, string>} of the English templates; empty until it is loaded */
let portuguese = {};
/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {Set<{node: WeakRef<Element>, attribute: string | undefined, sentence: () => string}>} */
const spoken = new Set();

/**
 * A sentence in the reader's language. The first argument stands as a literal wherever this is called, so that
 * scripts/messages finds it.
 *
 * @param {string} template English, with {names}
 * @param {Values} [values] numbers are written as `number` does
 */
export function say(template, values = {}) {
  const words = chosen === "pt_BR" ? (portuguese[template] ?? template) : template;
  return words.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? number(value) : value;
  });
}

/**
 * A number as the server writes it: an integer whole, anything else with some significant digits.
 *
 * @param {number | null | undefined} value
 * @param {number} [digits]
 */
export function number(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const isWhole = Number.isInteger(value) && size < 1e15;
  const rounded = isWhole ? value : Number(value.toPrecision(digits));
  if (!isWhole && rounded !== 0 && (Math.abs(rounded) < 1e-4 || Math.abs(rounded) >= 1e12)) return powered(rounded, digits);
  return rounded.toLocaleString(tag(), { maximumFractionDigits: isWhole ? 0 : 12 }).replace("-", "−");
}

/**
 * @param {number} value
 * @param {number} digits
 */
function powered(value, digits) {
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const short = Number(mantissa).toLocaleString(tag(), { maximumFractionDigits: digits - 1 });
  return `${short}e${Number(power)}`.replaceAll("-", "−");
}

/**
 * A number with a fixed number of decimals, for a place where the width must not change.
 *
 * @param {number | null | undefined} value
 * @param {number} decimals
 */
export function fixed(value, decimals) {
  if (value === null || value === undefined || !Number.isFinite(value)) return number(value);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return value.toLocaleString(tag(), digits).replace("-", "−");
}

/**
 * A share as a percentage.
 *
 * @param {number | null | undefined} share 0 to 1
 * @param {number} [decimals]
 */
export function percent(share, decimals = 1) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  return `${fixed(100 * share, decimals)}%`;
}

/** The language of the page as browsers call it. */
const tag = () => (chosen === "pt_BR" ? "pt-BR" : "en");

/** @returns {Language} */
export const language = () => chosen;

/**
 * Says everything anew in another language.
 *
 * @param {Language} code
 */
export async function setLanguage(code) {
  if (code === "pt_BR" && Object.keys(portuguese).length === 0) portuguese = await loaded();
  chosen = code;
  document.documentElement.lang = tag();
  for (const entry of spoken) if (!speak(entry)) spoken.delete(entry);
  listeners.forEach((listener) => listener());
}

async function loaded() {
  const answer = await fetch("/words/pt_BR.json");
  return answer.ok ? answer.json() : {};
}

/**
 * Calls back after the language has changed.
 *
 * @param {() => void} listener
 */
export function onLanguage(listener) {
  listeners.add(listener);
}

/**
 * Keeps the text of an element, or one of its attributes, in the reader's language.
 *
 * @template {Element} Node
 * @param {Node} node
 * @param {() => string} sentence
 * @param {string} [attribute]
 * @returns {Node}
 */
export function said(node, sentence, attribute) {
  const entry = { node: new WeakRef(node), attribute, sentence };
  spoken.add(entry);
  speak(entry);
  return node;
}

/**
 * @param {{node: WeakRef<Element>, attribute: string | undefined, sentence: () => string}} entry
 * @returns {boolean} whether the element is still there
 */
function speak({ node, attribute, sentence }) {
  const there = node.deref();
  if (!there) return false;
  if (attribute) there.setAttribute(attribute, sentence());
  else there.textContent = sentence();
  return true;
}
