// @ts-check
/**
 * Controls that show a value and tell when a person has chosen another: each is `{node, show, allow}`. What a person
 * is in the midst of writing or dragging is never overwritten.
 */

import { button, saying } from "./dom.js";
import { element, nextId, setText } from "./drawing.js";
import { written } from "./network-editor.js";
import { number, said } from "./words.js";

/** @typedef {import("./dom.js").Sentence} Sentence */

/**
 * @template Value
 * @typedef {object} Control
 * @property {HTMLElement} node
 * @property {(value: Value) => void} show
 * @property {(isAllowed: boolean) => void} allow whether it can be used at present
 */

/** @typedef {{value: string | number | boolean, text: Sentence}} Choice */

/**
 * A label above its control, with a place for the value beside it.
 *
 * @param {Sentence} name
 * @param {HTMLElement} control
 * @param {{hint?: Sentence, beside?: HTMLElement, kind?: string}} [looks]
 */
export function labelled(name, control, { hint, beside, kind = "" } = {}) {
  control.id ||= nextId();
  const label = saying("label", name, { for: control.id });
  if (hint) said(label, hint, "title");
  const top = element("div", { class: "label" }, label, ...(beside ? [beside] : []));
  return element("div", { class: `field ${kind}` }, top, control);
}

/**
 * A few choices side by side, as radio buttons.
 *
 * @param {object} looks
 * @param {Sentence} looks.name
 * @param {Choice[]} looks.choices
 * @param {(value: any) => void} looks.choose
 * @param {string} [looks.kind]
 * @param {boolean} [looks.isNamed] whether the name is seen
 * @returns {Control<any>}
 */
export function segmented({ name, choices, choose, kind = "", isNamed = false }) {
  const group = nextId();
  const boxes = choices.map(() => element("input", { type: "radio", name: group }));
  const labels = choices.map(({ text }, i) => element("label", {}, boxes[i], saying("span", text)));
  boxes.forEach((box, i) => box.addEventListener("change", () => choose(choices[i].value)));
  const legend = saying("legend", name, { class: isNamed ? "label" : "unseen" });
  const node = element("fieldset", { class: `segmented ${kind}` }, legend, element("div", {}, ...labels));
  return {
    node,
    show: (value) => boxes.forEach((box, i) => (box.checked = choices[i].value === value)),
    allow: (isAllowed) => (node.disabled = !isAllowed),
  };
}

/**
 * One of many choices, which may change.
 *
 * @param {object} looks
 * @param {Sentence} looks.name
 * @param {(value: string) => void} looks.choose
 * @param {Sentence} [looks.hint]
 * @param {string} [looks.kind]
 * @returns {Control<string> & {offer: (choices: {value: string, text: string}[]) => void}}
 */
export function menu({ name, choose, hint, kind }) {
  const select = element("select");
  let offered = "";
  select.addEventListener("change", () => choose(select.value));
  return {
    node: labelled(name, select, { hint, kind }),
    show: (value) => {
      select.value = value;
      // A long one is cut.
      select.title = select.selectedOptions[0]?.text ?? "";
    },
    allow: (isAllowed) => (select.disabled = !isAllowed),
    offer: (choices) => {
      const now = JSON.stringify(choices);
      if (now === offered) return;
      offered = now;
      select.replaceChildren(...choices.map(({ value, text }) => element("option", { value }, text)));
    },
  };
}

/**
 * A field for a number. It is a text field, since browsers take a decimal comma in a number field only in their own
 * language. What cannot be read as a number is told as it was written: the server refuses it, and says what it takes.
 *
 * @param {Sentence} name
 * @param {(value: number | string) => void} choose
 * @param {boolean} [isWhole] whole numbers stand without thousands separators, so that they can be written again
 * @returns {Control<number | null>}
 */
function exactField(name, choose, isWhole = false) {
  const input = element("input", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false" });
  said(input, name, "aria-label");
  let shown = "";
  let isBeingWritten = false;
  input.addEventListener("input", () => (isBeingWritten = true));
  input.addEventListener("change", () => {
    isBeingWritten = false;
    if (input.value !== shown) choose(written(input.value) ?? input.value);
  });
  input.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    isBeingWritten = false;
    input.value = shown;
  });
  return {
    node: input,
    show: (value) => {
      shown = value === null ? "" : isWhole ? String(value) : number(value);
      if (!isBeingWritten) input.value = shown;
    },
    allow: (isAllowed) => (input.disabled = !isAllowed),
  };
}

/**
 * A number that is written.
 *
 * @param {object} looks
 * @param {Sentence} looks.name
 * @param {(value: number | string) => void} looks.choose see `exactField`
 * @param {Sentence} [looks.hint]
 * @param {string} [looks.kind]
 * @param {boolean} [looks.isWhole]
 * @returns {Control<number | null>}
 */
export function numeric({ name, choose, hint, kind = "is-number", isWhole = false }) {
  const field = exactField(name, choose, isWhole);
  return { ...field, node: labelled(name, field.node, { hint, kind }) };
}

/**
 * A text that is written.
 *
 * @param {object} looks
 * @param {Sentence} looks.name
 * @param {(value: string) => void} looks.choose
 * @param {Sentence} [looks.hint]
 * @param {string[]} [looks.offers]
 * @returns {Control<string>}
 */
export function textual({ name, choose, hint, offers = [] }) {
  const list = element("datalist", { id: nextId() }, ...offers.map((value) => element("option", { value })));
  const input = element("input", { type: "text", autocomplete: "off", spellcheck: "false", list: list.id });
  input.addEventListener("change", () => choose(input.value.trim()));
  const node = labelled(name, input, { hint });
  node.append(list);
  return { node, show: (value) => (input.value = value), allow: (isAllowed) => (input.disabled = !isAllowed) };
}

/**
 * A number that is dragged, with its value beside the name; where it is exact it can be written, too.
 *
 * @param {object} looks
 * @param {Sentence} looks.name
 * @param {(value: any) => void} looks.choose when it is let go; of what was written see `exactField`
 * @param {(value: number) => string} [looks.written]
 * @param {number[]} [looks.stops] the values there are, where they are not evenly spaced
 * @param {{low: number, high: number, step: number}} [looks.range]
 * @param {Sentence} [looks.hint]
 * @param {boolean} [looks.isExact]
 * @param {boolean} [looks.isLive] told while it is dragged, too
 * @returns {Control<number>}
 */
export function slider({ name, choose, written: text = number, stops, range, hint, isExact = false, isLive = false }) {
  const { low, high, step } = stops ? { low: 0, high: stops.length - 1, step: 1 } : (range ?? { low: 0, high: 1, step: 0.01 });
  const input = element("input", { type: "range", min: low, max: high, step });
  const field = isExact ? exactField(name, choose) : null;
  const output = element("output");
  const valueOf = () => (stops ? stops[Number(input.value)] : Number(input.value));
  const tell = (/** @type {number} */ value) => {
    if (field) field.show(value);
    else setText(output, text(value));
    input.setAttribute("aria-valuetext", text(value));
  };
  input.addEventListener("input", () => {
    tell(valueOf());
    if (isLive) choose(valueOf());
  });
  input.addEventListener("change", () => choose(valueOf()));
  const node = labelled(name, input, { hint, beside: field ? undefined : output });
  if (field) node.append(element("div", { class: "exact" }, input, field.node));
  return {
    node,
    show: (value) => {
      if (input.matches(":active")) return;
      input.value = String(stops ? nearest(stops, value) : value);
      tell(value);
    },
    allow: (isAllowed) => {
      input.disabled = !isAllowed;
      field?.allow(isAllowed);
    },
  };
}

/**
 * @param {number[]} stops
 * @param {number} value
 */
function nearest(stops, value) {
  const distance = (/** @type {number} */ stop) => Math.abs(stop - value);
  return stops.reduce((best, stop, i) => (distance(stop) < distance(stops[best]) ? i : best), 0);
}

/**
 * @param {object} looks
 * @param {Sentence} looks.name
 * @param {(isOn: boolean) => void} looks.choose
 * @returns {Control<boolean>}
 */
export function check({ name, choose }) {
  const input = element("input", { type: "checkbox" });
  input.addEventListener("change", () => choose(input.checked));
  const node = element("label", { class: "check" }, input, saying("span", name));
  return { node, show: (isOn) => (input.checked = isOn), allow: (isAllowed) => (input.disabled = !isAllowed) };
}

/**
 * A count with a button for one less and one for one more.
 *
 * @param {object} looks
 * @param {Sentence} looks.name
 * @param {Sentence} looks.less
 * @param {Sentence} looks.more
 * @param {number} looks.low
 * @param {number} looks.high
 * @param {(value: number) => void} looks.choose
 * @returns {Control<number>}
 */
export function stepper({ name, less, more, low, high, choose }) {
  let value = low;
  const minus = button({ text: less, icon: "minus", isBare: true, press: () => choose(value - 1) });
  const plus = button({ text: more, icon: "plus", isBare: true, press: () => choose(value + 1) });
  const count = element("output", { class: "count" });
  let isAllowed = true;
  const look = () => {
    setText(count, number(value));
    minus.disabled = !isAllowed || value <= low;
    plus.disabled = !isAllowed || value >= high;
  };
  const node = element("div", { class: "stepper", role: "group" }, saying("span", name, { class: "label" }), minus, count, plus);
  said(node, name, "aria-label");
  return {
    node,
    show: (to) => {
      value = to;
      look();
    },
    allow: (may) => {
      isAllowed = may;
      look();
    },
  };
}
