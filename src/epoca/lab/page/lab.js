// @ts-check
/** What the panels share: the state and the ways to change it, the drawings, and what is selected. */

import { Curves } from "./curves.js";
import { byId } from "./dom.js";
import { Live, Toast } from "./live.js";
import { DecisionMap } from "./map.js";
import { NetworkGraph } from "./network.js";
import { Pinned } from "./pinned.js";
import { Refusal, Transport } from "./transport.js";
import { language, say } from "./words.js";

/** @typedef {Record<string, any>} State */
/** @typedef {{row?: number, values?: Record<string, any>}} Asked a row of the table, or one made up */
/** @typedef {{layer: number, index: number}} Neuron */

const SESSION = "epoca-session";
/** Characters of a record; the server takes messages of 64 KiB. */
const LONGEST = 60_000;

const EDITED = {
  add_point: () => say("Point added; the training began anew."),
  move_point: () => say("Point moved; the training began anew."),
  remove_point: () => say("Point removed; the training began anew."),
};

export class Lab {
  constructor() {
    this.model = new Transport({
      url: `${window.location.protocol === "https:" ? "wss" : "ws"}://${window.location.host}/wire`,
      session: sessionStorage.getItem(SESSION) ?? "",
      language,
    });
    this.live = new Live(byId("live"));
    this.toast = new Toast(document.body);
    this.map = new DecisionMap(byId("map"));
    this.network = new NetworkGraph(byId("network"));
    this.curves = new Curves(byId("curves"));
    this.pinned = new Pinned(this);
    this.selection = { asked: /** @type {Asked | null} */ (null), neuron: /** @type {Neuron | null} */ (null) };
    /** @type {import("./controls_panels.js").Panels | null} */
    this.panels = null;
  }

  /** @returns {State} */
  get state() {
    return this.model.state;
  }

  /**
   * The session goes on when the page is loaded again in this tab.
   *
   * @returns {string} the one that was known before
   */
  keepSession() {
    const before = sessionStorage.getItem(SESSION) ?? "";
    sessionStorage.setItem(SESSION, this.model.session);
    return before;
  }

  /**
   * New values of choices. What the server refuses is told, and the controls go back by themselves.
   *
   * @param {State} changes
   */
  change = async (changes) => {
    this.#silence();
    for (const [key, value] of Object.entries(changes)) this.model.set(key, value);
    await this.#unlessRefused(this.model.save_changes());
  };

  /**
   * @param {string} what a verb of docs/lab.md
   * @param {object} [args]
   * @returns {Promise<boolean>} whether it was done
   */
  act = async (what, args) => {
    this.#silence();
    return (await this.#unlessRefused(this.model.do(what, args).then(() => true))) ?? false;
  };

  /**
   * Changes a point of a sample. Everything is learned anew then, which is told where there was anything to lose.
   *
   * @param {keyof typeof EDITED} what
   * @param {object} args
   */
  edit = async (what, args) => {
    const { epoch, step } = this.state;
    if ((await this.act(what, args)) && epoch + step > 0) this.tell(EDITED[what]());
  };

  /**
   * @param {string} what a question of docs/lab.md
   * @param {object} [args]
   */
  ask(what, args) {
    return this.#unlessRefused(this.model.ask(what, args));
  }

  /**
   * One step; after one of a single row its point is marked, and says what it has to say to the line if there is one.
   *
   * @param {string} of
   */
  step = async (of) => {
    await this.act("step", { of });
    const answer = of === "sample" ? await this.ask("speech") : null;
    if (answer?.speech) this.#speak(answer.speech);
    else if (typeof answer?.row === "number") this.#mark(answer.row);
  };

  /** @param {object} record of a session */
  replay = async (record) => {
    if (JSON.stringify(record).length > LONGEST) this.refuse(say("So much was done by hand there that the record is longer than the lab takes."));
    else await this.act("replay", { record });
  };

  /** @param {import("./row_formulas.js").Speech} speech */
  #speak(speech) {
    const { before, after } = /** @type {{before: any, after: any}} */ (speech.line);
    this.selectRow({ row: speech.row });
    this.map.showSpeech(speech);
    this.map.showStep(before && after ? { before, after } : null);
    this.panels?.row.showSpeech(speech);
    this.live.announce(say("Row {row} says: “{text}”", { row: speech.row, text: speech.text }));
  }

  /** @param {number} row that was learned from */
  #mark(row) {
    this.selectRow({ row });
    this.live.announce(say("It learned from row {row}.", { row }));
  }

  /** Whatever happens next, the point and the refusal before it have had their say. */
  #silence() {
    this.toast.hide();
    if (!this.map.speech) return;
    this.map.showSpeech(null);
    this.map.showStep(null);
    this.panels?.row.showSpeech(null);
  }

  /**
   * @template Value
   * @param {Promise<Value>} promise
   * @returns {Promise<Value | undefined>}
   */
  async #unlessRefused(promise) {
    try {
      return await promise;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      if (refusal.message) this.refuse(refusal.message);
      return undefined;
    }
  }

  /** @param {string} sentence what happened */
  tell(sentence) {
    this.toast.show(sentence, true);
    this.live.announce(sentence, true);
  }

  /** @param {string} sentence why something was not done */
  refuse(sentence) {
    this.toast.show(sentence);
    this.panels?.render(this.state);
  }

  /** @param {Asked | null} asked */
  selectRow(asked) {
    this.selection.asked = asked;
    this.map.setOptions({ selectedRow: asked?.row ?? null });
    this.panels?.tabs.choose("row");
  }

  /** The row that is looked at will be no more. */
  forgetRow() {
    this.selection.asked = null;
    this.map.setOptions({ selectedRow: null });
    this.map.hover(null);
    this.panels?.row.forget();
  }

  /** @param {Neuron | null} neuron */
  selectNeuron(neuron) {
    this.selection.neuron = neuron;
    this.panels?.row.render(this.state);
  }

  /** @param {"model" | "table" | "runs"} kind of file to save */
  fileOf = (kind) => `/files/${encodeURIComponent(this.model.session)}/${kind}`;
}
