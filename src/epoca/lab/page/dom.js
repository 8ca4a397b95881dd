// @ts-check
/** The small parts that panels are made of. */

import { element, setAttributes, setText, shape } from "./drawing.js";
import { said } from "./words.js";

/** Longer texts get a column wide enough to be read. */
const LONG = 40;

/** @typedef {() => string} Sentence said again in another language */

/** Outlines of the icons, on a square of 16. */
const ICONS = {
  play: "M4 2.5 13 8 4 13.5Z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  back: "M4 3v10M13 3 7 8l6 5z",
  forward: "M12 3v10M3 3l6 5-6 5z",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13 1.5v3.4H9.6",
  dice: "M3 3h10v10H3zM6 6h.01M10 10h.01M8 8h.01",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  undo: "M3 6h6.5a3.5 3.5 0 0 1 0 7H6M6 3 3 6l3 3",
};

/** @typedef {keyof typeof ICONS} Icon */

/**
 * An element of index.html.
 *
 * @param {string} id
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`index.html has no #${id}`);
  return node;
}

/** @param {Icon} name */
export function icon(name) {
  const outline = shape("path", { d: ICONS[name] });
  return shape("svg", { class: `icon is-${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" }, outline);
}

/**
 * Another picture on an icon that is there already.
 *
 * @param {SVGElement} node
 * @param {Icon} name
 */
export function setIcon(node, name) {
  if (node.classList.contains(`is-${name}`)) return;
  node.setAttribute("class", `icon is-${name}`);
  node.firstElementChild?.setAttribute("d", ICONS[name]);
}

/**
 * An element whose text is said again in another language.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Sentence} sentence
 * @param {Record<string, string>} [attributes]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const saying = (tag, sentence, attributes = {}) => said(element(tag, attributes), sentence);

/**
 * @param {object} looks
 * @param {Sentence} looks.text
 * @param {() => void} looks.press
 * @param {Icon} [looks.icon]
 * @param {boolean} [looks.isBare] only the icon is seen; the text is its name and hint
 * @param {Sentence} [looks.hint]
 * @param {string} [looks.kind] a class
 */
export function button({ text, press, icon: name, isBare = false, hint, kind = "" }) {
  const node = element("button", { type: "button", class: kind || null });
  if (name) node.append(icon(name));
  if (isBare) said(node, text, "aria-label");
  else node.append(saying("span", text));
  if (hint ?? isBare) said(node, hint ?? text, "title");
  node.addEventListener("click", press);
  return node;
}

/**
 * A part that can be folded away.
 *
 * @param {Sentence} heading
 * @param {...(Node | string)} children
 */
export const folded = (heading, ...children) => element("details", {}, saying("summary", heading), ...children);

/**
 * A table of texts. The first column names the row; the others are numbers, or texts where they say so.
 *
 * @param {string[]} headings
 * @param {(string | Node)[][]} lines
 * @param {{caption?: string, name?: string, texts?: number[]}} [looks] name: where there is no caption; texts: which
 *   columns hold no numbers
 */
export function table(headings, lines, { caption, name = caption, texts = [] } = {}) {
  const alignment = (/** @type {number} */ i) => ({ class: i === 0 || texts.includes(i) ? null : "n" });
  const head = headings.map((text, i) => element("th", { scope: "col", ...alignment(i) }, text));
  const body = lines.map((line) => element("tr", {}, ...line.map((cell, i) => cellOf(cell, i, alignment(i)))));
  const made = element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
  if (caption) made.prepend(element("caption", {}, caption));
  return scrolling(made, name);
}

/**
 * A place for what may be too wide for it. Only where it is, it is a region of the page and a stop of the Tab key.
 *
 * @param {HTMLElement} content
 * @param {string} [name]
 */
function scrolling(content, name) {
  const node = element("div", { class: "scroll" }, content);
  const look = () => {
    const isWider = node.scrollWidth > node.clientWidth;
    setAttributes(node, isWider ? { tabindex: 0, role: "region", "aria-label": name } : { tabindex: null, role: null, "aria-label": null });
  };
  new ResizeObserver(look).observe(node);
  return node;
}

/**
 * @param {string | Node} cell
 * @param {number} i
 * @param {{class: string | null}} alignment
 */
function cellOf(cell, i, alignment) {
  if (i === 0) return element("th", { scope: "row" }, cell);
  return element("td", typeof cell === "string" && cell.length > LONG ? { class: "long" } : alignment, cell);
}

/**
 * A text, and a button that copies it.
 *
 * @param {Sentence} heading
 * @param {Sentence} copy
 * @param {Sentence} copied
 */
export function copyable(heading, copy, copied) {
  const text = element("pre", { tabindex: 0 });
  said(text, heading, "aria-label");
  const press = async () => {
    await navigator.clipboard.writeText(text.textContent ?? "");
    setText(label, copied());
    window.setTimeout(() => setText(label, copy()), 1600);
  };
  const copying = button({ text: copy, press, kind: "quiet" });
  const label = /** @type {Element} */ (copying.lastElementChild);
  const top = element("div", { class: "copy-top" }, saying("h3", heading), copying);
  return { node: element("div", { class: "copyable" }, top, text), show: (/** @type {string} */ to) => setText(text, to) };
}
