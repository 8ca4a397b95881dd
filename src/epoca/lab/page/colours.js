// @ts-check
/** The palette: classes, signs of weights, numbers, and what changes between a light and a dark page. */

import { contextOf } from "./drawing.js";

/** The first six are told apart by the colour-blind too (Okabe and Ito 2008); `epoca.plots` has the same. */
export const CLASSES = [
  ...["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"],
  ...["#8a8a8a", "#aa4466", "#999933", "#6655cc"],
];

/** Cividis, from low to high: it reads the same with and without full colour vision, and in grey. */
const NUMBERS = [
  ...["#00224e", "#123570", "#3b496c", "#575d6d", "#707173"],
  ...["#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"],
];

/** @typedef {[number, number, number]} Rgb red, green and blue, 0 to 255 */

/**
 * @typedef {object} Theme
 * @property {boolean} isDark
 * @property {string} page
 * @property {string} raised
 * @property {string} ink
 * @property {string} quiet
 * @property {string} line
 * @property {string} link
 * @property {string} positive
 * @property {string} negative
 * @property {string} training
 * @property {string} heldOut
 * @property {string} ideal
 * @property {string} font
 */

/**
 * What the page's custom properties are where it sets none. A sum above 0 speaks for the second of two classes, so what
 * adds to it is orange as they are; blue and orange are a little darker or lighter where a thin line would not stand
 * out from the page (contrast of 3 to 1).
 */
const FALLBACK = {
  light: {
    ...{ page: "#fdfcfa", raised: "#f3f1ec", ink: "#222222", quiet: "#5a5a58", line: "#d9d6cf", link: "#1a5d8c" },
    ...{ positive: "#c47a00", negative: "#0072b2", training: "#2a7fb8", "held-out": "#c2620e", ideal: "#2e8b57" },
  },
  dark: {
    ...{ page: "#191a1c", raised: "#242629", ink: "#e6e6e6", quiet: "#aaa9a6", line: "#3c3e42", link: "#86bfe6" },
    ...{ positive: "#e69f00", negative: "#4aa3df", training: "#62b0e4", "held-out": "#f0a05a", ideal: "#56b683" },
  },
};

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
const DARK = "(prefers-color-scheme: dark)";

/** @type {Theme | null} */
let known = null;
/** @type {Set<() => void>} */
const listeners = new Set();

/** The theme of the page, read from its custom properties once until it changes. */
export function readTheme() {
  known ??= themeOfPage();
  return known;
}

/**
 * Calls back after the page has become light or dark.
 *
 * @param {() => void} callback
 */
export function onTheme(callback) {
  if (listeners.size === 0) watchTheme();
  listeners.add(callback);
}

function watchTheme() {
  const tell = () => {
    known = null;
    listeners.forEach((callback) => callback());
  };
  const attributeFilter = ["data-theme", "class"];
  new MutationObserver(tell).observe(document.documentElement, { attributes: true, attributeFilter });
  window.matchMedia(DARK).addEventListener("change", tell);
}

/** @returns {Theme} */
function themeOfPage() {
  const root = document.documentElement;
  const chosen = root.dataset.theme;
  const isDark = chosen ? chosen === "dark" : window.matchMedia(DARK).matches;
  const fallback = FALLBACK[isDark ? "dark" : "light"];
  const style = getComputedStyle(root);
  /** @param {keyof typeof FALLBACK.light} name */
  const read = (name) => hex(style.getPropertyValue(`--${name}`).trim() || fallback[name]);
  return {
    ...{ isDark, page: read("page"), raised: read("raised"), ink: read("ink"), quiet: read("quiet") },
    ...{ line: read("line"), link: read("link"), positive: read("positive"), negative: read("negative") },
    ...{ training: read("training"), heldOut: read("held-out"), ideal: read("ideal") },
    font: style.getPropertyValue("--plain").trim() || FONT,
  };
}

const scratch = document.createElement("canvas");

/**
 * Any colour that CSS knows as `#rrggbb`: the canvas normalises it.
 *
 * @param {string} colour
 */
function hex(colour) {
  const context = contextOf(scratch);
  context.fillStyle = colour;
  return String(context.fillStyle);
}

/** @param {number} code */
export const classColour = (code) => CLASSES[code % CLASSES.length];

/** @param {number} code */
export const classLetter = (code) => String.fromCharCode(65 + (code % 26));

/**
 * @param {string} colour `#rrggbb`
 * @returns {Rgb}
 */
function rgb(colour) {
  const bits = Number.parseInt(colour.slice(1, 7), 16);
  return [(bits >> 16) & 255, (bits >> 8) & 255, bits & 255];
}

/**
 * @param {Rgb} from
 * @param {Rgb} to
 * @param {number} share 0: from; 1: to
 * @returns {Rgb}
 */
function mix(from, to, share) {
  const channel = (/** @type {0 | 1 | 2} */ i) => Math.round(from[i] + (to[i] - from[i]) * share);
  return [channel(0), channel(1), channel(2)];
}

/**
 * As a canvas stores it: a little-endian word of red, green, blue and full opacity.
 *
 * @param {Rgb} colour
 */
const word = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/**
 * Of every class 256 shades, from as good as guessing to certain, one class behind the other.
 *
 * @param {number} classes
 * @param {boolean} isDecision whether all shades of a class are the same
 */
export function classShades(classes, isDecision) {
  const { page, isDark } = readTheme();
  const [palest, strongest] = isDark ? [0.1, 0.66] : [0.06, 0.62];
  const shades = new Uint32Array(256 * classes);
  for (let code = 0; code < classes; code += 1) {
    const colour = rgb(classColour(code));
    for (let sureness = 0; sureness < 256; sureness += 1) {
      const share = isDecision ? 0.42 : palest + ((strongest - palest) * sureness) / 255;
      shades[code * 256 + sureness] = word(mix(rgb(page), colour, share));
    }
  }
  return shades;
}

/** 256 shades of an activation: blue below 128, the page at 128, orange above. */
export function signShades() {
  const { page, isDark } = readTheme();
  const strongest = isDark ? 0.85 : 0.8;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const share = (Math.abs(byte - 128) / 128) * strongest;
    return word(mix(rgb(page), rgb(CLASSES[byte < 128 ? 0 : 1]), share));
  });
}

/** @param {number} share 0: the lowest number; 1: the highest */
function numberRgb(share) {
  const place = Math.min(Math.max(share, 0), 1) * (NUMBERS.length - 1);
  const below = Math.min(Math.floor(place), NUMBERS.length - 2);
  return mix(rgb(NUMBERS[below]), rgb(NUMBERS[below + 1]), place - below);
}

/** 256 shades of numbers, from low to high. */
export const numberShades = () => Uint32Array.from({ length: 256 }, (_, byte) => word(numberRgb(byte / 255)));

/** @param {number} share */
export const numberColour = (share) => `rgb(${numberRgb(share).join(" ")})`;

/**
 * @param {string} colour `#rrggbb`
 * @param {number} opacity
 */
export const faded = (colour, opacity) => `rgb(${rgb(colour).join(" ")} / ${opacity})`;
