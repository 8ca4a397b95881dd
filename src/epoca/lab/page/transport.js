// @ts-check
/**
 * The only file that knows the WebSocket. Its surface has the shape of anywidget's model, so that the page could live
 * in a notebook too; docs/lab.md tells the messages.
 */

import { parsedFrame } from "./transport_frame.js";

/** @typedef {Record<string, any>} State */
/** @typedef {(...values: any[]) => void} Listener */
/** @typedef {{resolve: (value: any) => void, reject: (reason: Refusal) => void, changes: State}} Awaited */

const PROTOCOL = 1;
const FIRST_WAIT = 300;
const LONGEST_WAIT = 8000;

/** What the server did not do, and why in the reader's language; no sentence where the connection was lost. */
export class Refusal extends Error {}

export class Transport {
  #socket = /** @type {WebSocket | null} */ (null);
  #state = /** @type {State} */ ({});
  #unsaved = /** @type {State} */ ({});
  #sent = /** @type {State} */ ({});
  #listeners = /** @type {Map<string, Set<Listener>>} */ (new Map());
  #awaited = /** @type {Map<number, Awaited>} */ (new Map());
  #waiting = /** @type {object[]} */ ([]);
  #lastId = 0;
  #wait = FIRST_WAIT;
  #timer = 0;
  #isReady = false;
  #isPulling = false;

  /**
   * @param {object} options
   * @param {string} options.url
   * @param {string} options.session to take part in; "" for a new one
   * @param {() => string} options.language
   */
  constructor({ url, session, language }) {
    this.url = url;
    this.session = session;
    this.language = language;
    const hurry = () => document.visibilityState === "visible" && this.#hurry();
    document.addEventListener("visibilitychange", hurry);
    window.addEventListener("online", hurry);
  }

  connect() {
    window.clearTimeout(this.#timer);
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.#greet(socket));
    socket.addEventListener("message", ({ data }) => socket === this.#socket && this.#receive(data));
    socket.addEventListener("close", () => socket === this.#socket && this.#lose());
    this.#socket = socket;
  }

  /** @param {WebSocket} socket */
  #greet(socket) {
    const hello = { type: "hello", protocol: PROTOCOL, session: this.session, language: this.language() };
    socket.send(JSON.stringify(hello));
  }

  #lose() {
    this.#isReady = false;
    this.#isPulling = false;
    this.#socket = null;
    this.#sent = {};
    const awaited = [...this.#awaited.values()];
    this.#awaited.clear();
    for (const { reject } of awaited) reject(new Refusal(""));
    this.#emit("connection", false);
    // A class that comes back at once must not do so in step.
    this.#timer = window.setTimeout(() => this.connect(), this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
  }

  /** A page that was asleep, or a network that is back, does not wait any longer. */
  #hurry() {
    if (this.#socket !== null) return;
    this.#wait = FIRST_WAIT;
    this.connect();
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    if (typeof data !== "string") {
      this.#isPulling = false;
      this.#emit("msg:custom", { type: "frame", ...parsedFrame(data) });
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "hello") this.#welcome(message);
    else if (message.type === "state") this.#merge(message.state);
    else if (message.type === "refused" && !this.#awaited.has(message.id)) this.#emit("refused", message.sentence);
    else this.#settle(message);
  }

  /** @param {{session: string, state: State}} message */
  #welcome({ session, state }) {
    const isNew = session !== this.session;
    this.session = session;
    this.#isReady = true;
    this.#wait = FIRST_WAIT;
    this.#merge(state);
    this.#emit("connection", true, isNew);
    for (const message of this.#waiting.splice(0)) this.send(message);
  }

  /** @param {State} state */
  #merge(state) {
    Object.assign(this.#state, state);
    this.#tell(Object.keys(state));
  }

  /** @param {string[]} keys */
  #tell(keys) {
    for (const key of keys) this.#emit(`change:${key}`, this.get(key));
    this.#emit("change", keys);
  }

  /** @param {{type: string, id: number, answer?: any, sentence?: string}} message */
  #settle({ type, id, answer, sentence }) {
    const awaited = this.#awaited.get(id);
    if (!awaited) return;
    this.#awaited.delete(id);
    const keys = Object.keys(awaited.changes);
    // A later change of the same key that is still on its way stays.
    for (const key of keys) if (this.#sent[key] === awaited.changes[key]) delete this.#sent[key];
    if (type === "refused") awaited.reject(new Refusal(sentence));
    else awaited.resolve(answer);
    if (keys.length > 0) this.#tell(keys);
  }

  /** What the state will be once the server has agreed. */
  get state() {
    return { ...this.#state, ...this.#sent, ...this.#unsaved };
  }

  /** @param {string} key */
  get(key) {
    return [this.#unsaved, this.#sent].find((changes) => key in changes)?.[key] ?? this.#state[key];
  }

  /**
   * @param {string} key
   * @param {any} value
   */
  set(key, value) {
    this.#unsaved[key] = value;
    this.#tell([key]);
  }

  /** Sends what was set: all of it or none. Rejects with a Refusal, and the state is what it was before. */
  save_changes() {
    const changes = this.#unsaved;
    this.#unsaved = {};
    Object.assign(this.#sent, changes);
    return this.#request({ type: "change", changes }, changes);
  }

  /**
   * @param {string} what a question of docs/lab.md
   * @param {object} [args]
   * @returns {Promise<any>}
   */
  ask(what, args = {}) {
    return this.#request({ type: "ask", what, ...args });
  }

  /**
   * @param {string} what a verb of docs/lab.md
   * @param {object} [args]
   * @returns {Promise<any>}
   */
  do(what, args = {}) {
    return this.#request({ type: "do", what, ...args });
  }

  /**
   * @param {object} message
   * @param {State} [changes] that it makes
   */
  #request(message, changes = {}) {
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#awaited.set(id, { resolve, reject, changes });
      this.send({ ...message, id });
    });
  }

  /**
   * Asks for the next frame, unless one is on its way.
   *
   * @param {number} have entries of the curves that are known
   * @param {number} serial of the run that they belong to
   */
  pull(have, serial) {
    if (this.#isPulling || !this.#isReady) return;
    this.#isPulling = true;
    this.send({ type: "frame", have, serial });
  }

  /** @param {object} message sent at once, or when there is a connection again */
  send(message) {
    if (this.#isReady && this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
    else this.#waiting.push(message);
  }

  /**
   * @param {string} event "change:key", "change", "msg:custom", "connection" or "refused"
   * @param {Listener} listener
   */
  on(event, listener) {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
  }

  /**
   * @param {string} event
   * @param {Listener} listener
   */
  off(event, listener) {
    this.#listeners.get(event)?.delete(listener);
  }

  /**
   * @param {string} event
   * @param {...any} values
   */
  #emit(event, ...values) {
    for (const listener of this.#listeners.get(event) ?? []) listener(...values);
  }
}
