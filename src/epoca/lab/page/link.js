// @ts-check
/** All choices as a link: read from the address when the page opens, and written to it whenever one changes. */

/** @typedef {Record<string, any>} State */

/**
 * @typedef {object} Codec
 * @property {(value: any) => string} write
 * @property {(text: string) => any} read
 */

const encode = encodeURIComponent;

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @type {Codec} */
const TEXT = { write: encode, read: decode };
/** @type {Codec} */
const NUMBER = { write: String, read: Number };
/** @type {Codec} */
const TRUTH = { write: String, read: (text) => text === "true" };
/** @type {Codec} */
const NUMBERS = { write: (values) => values.join(","), read: (text) => parts(text).map(Number) };
/** @type {Codec} */
const TEXTS = { write: (values) => values.map(encode).join(","), read: (text) => parts(text).map(decode) };
/** Columns with a number or a text each; a text is marked by a quotation mark before it. */
/** @type {Codec} */
const HELD = {
  write: (held) =>
    Object.entries(held)
      .map(([name, value]) => `${encode(name)}:${typeof value === "string" ? `'${encode(value)}` : value}`)
      .join(","),
  read: (text) => Object.fromEntries(parts(text).map(heldEntry)),
};

/** @param {string} text */
function heldEntry(text) {
  const [name, value = ""] = text.split(":");
  return [decode(name), value.startsWith("'") ? decode(value.slice(1)) : Number(value)];
}

/** @param {string} text */
const parts = (text) => (text === "" ? [] : text.split(","));

/** @type {Record<string, Codec>} */
const CODECS = {
  ...{ table: TEXT, rows: NUMBER, noise: NUMBER, classes: NUMBER, data_seed: NUMBER, target: TEXT, left_out: TEXTS },
  ...{ axes: TEXTS, held: HELD, model: TEXT, hidden: NUMBERS, activation: TEXT, members: NUMBER, learning_rate: NUMBER },
  ...{ batch_size: NUMBER, weight_decay: NUMBER, dropout: NUMBER, stopping: TEXT, epochs: NUMBER, test_size: NUMBER },
  ...{ scaling: TRUTH, shuffle: TRUTH, seed: NUMBER, speed: NUMBER, member: NUMBER, map_of: TEXT },
};

/** The choices that a link holds; the language is the reader's own. */
export const CHOICES = Object.keys(CODECS);

/** @returns {Map<string, string>} the words of the address, as they stand there */
function words() {
  const found = window.location.hash.replace(/^#/, "").split("&").filter(Boolean);
  return new Map(found.map((word) => [word.split("=")[0], word.slice(word.indexOf("=") + 1)]));
}

/** Parts of the page that the link hides, for a lesson. */
export const hiddenParts = () => parts(words().get("hide") ?? "");

/** The language that the link asks for, if any. */
export const askedLanguage = () => words().get("language") ?? null;

/**
 * What the address asks for that is not so yet.
 *
 * @param {State} state
 */
export function askedChanges(state) {
  /** @type {State} */
  const asked = {};
  for (const [name, text] of words()) {
    const codec = Object.hasOwn(CODECS, name) ? CODECS[name] : null;
    const value = codec?.read(text);
    if (codec && JSON.stringify(value) !== JSON.stringify(state[name])) asked[name] = value;
  }
  return asked;
}

/**
 * @param {State} state
 * @param {string[]} hide
 */
function hashOf(state, hide) {
  const isEmpty = (/** @type {any} */ value) =>
    value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0);
  // A table that was brought is on this machine alone.
  const isShareable = state.samples?.some((/** @type {{name: string}} */ { name }) => name === state.table);
  const told = CHOICES.filter((name) => name === "hidden" || !isEmpty(state[name])).filter(
    (name) => isShareable || !["table", "target", "left_out", "axes", "held", "rows", "noise", "classes"].includes(name),
  );
  const written = told.filter((name) => state[name] !== undefined).map((name) => `${name}=${CODECS[name].write(state[name])}`);
  return `#${[...written, ...(hide.length > 0 ? [`hide=${hide.join(",")}`] : [])].join("&")}`;
}

/**
 * The address of the page with these choices.
 *
 * @param {State} state
 * @param {string[]} [hide] parts of the page
 */
export const linkOf = (state, hide = hiddenParts()) =>
  `${window.location.origin}${window.location.pathname}${hashOf(state, hide)}`;

let timer = 0;

/**
 * Keeps the address up to date, without an entry in the browser's history for each change.
 *
 * @param {State} state
 */
export function keepLink(state) {
  window.clearTimeout(timer);
  // The path alone, without the token by which the page was let in: an address is read by a whole class.
  const replace = () => window.history.replaceState(null, "", window.location.pathname + hashOf(state, hiddenParts()));
  timer = window.setTimeout(replace, 300);
}
