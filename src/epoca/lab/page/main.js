// @ts-check
/** Starts the page: language and looks, the connection, and the loop that draws a frame and asks for the next. */

import { Panels } from "./controls_panels.js";
import { fitDrawings } from "./controls_sizes.js";
import { byId } from "./dom.js";
import { GoingOn } from "./going_on.js";
import { Lab } from "./lab.js";
import { CHOICES, askedChanges, askedLanguage, hiddenParts, keepLink } from "./link.js";
import { narrate } from "./live.js";
import { applyTheme, remembered } from "./theme.js";
import { language, onLanguage, said, say, setLanguage } from "./words.js";

/** @typedef {import("./drawing-types.js").Frame} Frame */

const MEASURED = 100;

/** Draws what has come when the browser is about to paint, and only then asks for more: nothing piles up. */
class Loop {
  /** @param {Lab} lab */
  constructor(lab) {
    this.lab = lab;
    /** @type {Frame | null} */
    this.frame = null;
    this.have = 0;
    this.serial = 0;
    this.count = 0;
    this.times = /** @type {number[]} */ ([]);
  }

  /** @param {Frame} frame */
  receive(frame) {
    this.frame = frame;
    window.requestAnimationFrame(() => this.#draw(frame));
  }

  /** @param {Frame} frame */
  #draw(frame) {
    const start = performance.now();
    this.lab.panels?.draw(frame);
    this.times = [...this.times.slice(1 - MEASURED), performance.now() - start];
    this.count += 1;
    const { serial, first, curves } = frame.header;
    this.serial = serial;
    this.have = first + (curves?.training?.length ?? 0);
    this.pull();
  }

  pull() {
    this.lab.model.pull(this.have, this.serial);
  }

  get median() {
    const sorted = [...this.times].sort((one, other) => one - other);
    return sorted[sorted.length >> 1] ?? 0;
  }
}

/** @param {Lab} lab */
function renderChanges(lab) {
  /** @type {Set<string>} */
  let changed = new Set();
  const render = () => {
    const keys = changed;
    changed = new Set();
    lab.panels?.render(lab.state, keys);
    narrate(lab, keys);
    if (CHOICES.some((key) => keys.has(key))) keepLink(lab.state);
  };
  lab.model.on("change", (/** @type {string[]} */ keys) => {
    // Whatever changes at the same moment is drawn once.
    if (changed.size === 0) queueMicrotask(render);
    for (const key of keys) changed.add(key);
  });
}

/**
 * @param {Lab} lab
 * @param {Loop} loop
 */
function follow(lab, loop) {
  const goingOn = new GoingOn(lab);
  lab.model.on("msg:custom", (/** @type {Frame & {type: string}} */ frame) => loop.receive(frame));
  lab.model.on("refused", (/** @type {string} */ sentence) => lab.refuse(sentence));
  lab.model.on("connection", (/** @type {boolean} */ isThere, /** @type {boolean} */ isNew) => {
    byId("connection").hidden = isThere;
    if (!isThere) return;
    if (isNew && loop.count > 0) return leave(lab);
    const before = lab.keepSession();
    if (!isNew || !goingOn.from(before)) chooseAsAsked(lab);
    loop.pull();
  });
  window.addEventListener("hashchange", () => chooseAsAsked(lab));
}

/**
 * The page of a server that has ended does not know the token of the one that answers now.
 *
 * @param {Lab} lab
 */
function leave({ model }) {
  model.do("pause");
  window.location.reload();
}

/**
 * What the address asks for, by one change; and the reader's language.
 *
 * @param {Lab} lab
 */
function chooseAsAsked(lab) {
  const changes = askedChanges(lab.state);
  if (lab.state.language !== language()) changes.language = language();
  if (Object.keys(changes).length > 0) lab.change(changes);
}

function hidePartsOfLink() {
  const hidden = hiddenParts();
  for (const part of document.querySelectorAll("[data-part]")) {
    part.classList.toggle("left-out", hidden.includes(part.getAttribute("data-part") ?? ""));
  }
}

function sayWhatStands() {
  said(byId("connection"), () => say("The connection is lost; trying again … If the lab was ended, start it anew and open the address that it prints."));
  const skip = said(byId("skip"), () => say("Skip to the result"));
  // Not by the address, where the choices stand.
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    byId("result").focus();
  });
  const names = {
    data: () => say("Data"),
    story: () => say("What it shows"),
    learner: () => say("The learner"),
    result: () => say("The result"),
    bar: () => say("Training"),
    tools: () => say("The page"),
    more: () => say("More about it"),
  };
  for (const [id, name] of Object.entries(names)) said(byId(id), name, "aria-label");
}

/**
 * What tests look at, in place of waiting.
 *
 * @param {Lab} lab
 * @param {Loop} loop
 */
function show(lab, loop) {
  /** @type {string[]} */
  const errors = [];
  window.addEventListener("error", ({ message }) => errors.push(message));
  window.addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
  const told = {
    get state() {
      return lab.state;
    },
    get header() {
      return loop.frame?.header ?? null;
    },
    get frames() {
      return loop.count;
    },
    get drawn_ms() {
      return loop.median;
    },
    get status() {
      return lab.state.status ?? "";
    },
    errors,
  };
  Object.defineProperty(window, "__lab", { value: Object.freeze(told) });
}

async function start() {
  applyTheme();
  const asked = askedLanguage() ?? remembered("language") ?? navigator.language;
  await setLanguage(asked.startsWith("pt") ? "pt_BR" : "en");
  sayWhatStands();
  const lab = new Lab();
  const loop = new Loop(lab);
  show(lab, loop);
  lab.panels = new Panels(lab);
  onLanguage(() => lab.panels?.render(lab.state));
  hidePartsOfLink();
  renderChanges(lab);
  follow(lab, loop);
  fitDrawings(lab);
  lab.model.connect();
}

start();
