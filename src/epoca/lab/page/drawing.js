// @ts-check
/** What the drawings share: making elements, sharp canvases, and hearing of a new size. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */

/**
 * An HTML element. Texts become text nodes, so that a name out of a table can never be markup.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes] null, undefined and false leave one out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/**
 * An SVG element.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function shape(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/**
 * @param {Element} node
 * @param {Attributes} attributes
 */
export function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * Sets the text of an element if it is another one: frames come 30 times a second, and most texts stay.
 *
 * @param {Element} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Where an element stands within its offset parent, and how large it is, in pixels.
 *
 * @param {HTMLElement | SVGElement} node
 * @param {{left?: number, top?: number, width?: number, height?: number}} box
 */
export function setBox(node, box) {
  for (const [side, pixels] of Object.entries(box)) {
    node.style.setProperty(side, `${pixels}px`);
  }
}

/**
 * Makes a canvas as large as it is shown, in the pixels of the screen, and empties it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width in CSS pixels
 * @param {number} height in CSS pixels
 * @returns {CanvasRenderingContext2D} that measures in CSS pixels
 */
export function emptied(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const across = Math.max(1, Math.round(width * ratio));
  const up = Math.max(1, Math.round(height * ratio));
  const context = contextOf(canvas);
  if (canvas.width !== across || canvas.height !== up) {
    canvas.width = across;
    canvas.height = up;
    setBox(canvas, { width, height });
  } else {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, across, up);
  }
  context.setTransform(across / width, 0, 0, up / height, 0, 0);
  return context;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser has no 2D canvas.");
  return context;
}

/**
 * Calls back when an element has another width, or the screen another density.
 *
 * @param {HTMLElement} host
 * @param {() => void} callback
 */
export function onWidth(host, callback) {
  let before = "";
  const look = () => {
    const now = `${Math.floor(host.clientWidth)} ${window.devicePixelRatio}`;
    if (now === before || host.clientWidth === 0) return;
    before = now;
    callback();
  };
  new ResizeObserver(look).observe(host);
  window.addEventListener("resize", look);
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function within(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** The next unique id for `aria-labelledby` and clip paths. */
export const nextId = (() => {
  let n = 0;
  return () => `drawing-${(n += 1)}`;
})();
