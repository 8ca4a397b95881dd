// @ts-check
/**
 * Goes on where the page was after its server has ended and another was started: the page keeps the record of its
 * session in this tab, and has it played again.
 */

import { askedChanges } from "./link.js";
import { say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {{session: string, record: {epoch: number, choices: Record<string, any>}}} Kept */

const KEPT = "epoca-record";
const PAUSE = 2000;
/** Changes after which the record is another one. */
const KEYS = ["status", "epoch", "step", "serial", "edits", "frozen", "learning_rate"];

export class GoingOn {
  #timer = 0;
  #isPlayedAgain = false;

  /** @param {Lab} lab */
  constructor(lab) {
    this.lab = lab;
    lab.model.on("change", (/** @type {string[]} */ keys) => keys.some((key) => KEYS.includes(key)) && this.#keepSoon());
  }

  #keepSoon() {
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      this.#keep();
    }, PAUSE);
  }

  async #keep() {
    const { model } = this.lab;
    // Half a record that is being played again is less than the whole one.
    if (this.#isPlayedAgain && model.state.status === "playing") return;
    this.#isPlayedAgain = false;
    try {
      const record = await model.ask("record");
      sessionStorage.setItem(KEPT, JSON.stringify({ session: model.session, record }));
    } catch {
      // Where nothing is trained there is nothing to go on with; nor is there room for everything.
      sessionStorage.removeItem(KEPT);
    }
  }

  /**
   * Does again what the session did of which the server knows nothing, unless the address asks for something else.
   *
   * @param {string} session as this tab knew it
   * @returns {boolean} whether there is anything to do
   */
  from(session) {
    const kept = /** @type {Kept | null} */ (JSON.parse(sessionStorage.getItem(KEPT) ?? "null"));
    if (!kept || kept.session !== session || kept.record.epoch === 0) return false;
    if (Object.keys(askedChanges(kept.record.choices)).length > 0) return false;
    this.#playAgain(kept);
    return true;
  }

  /** @param {Kept} kept */
  async #playAgain({ record }) {
    this.#isPlayedAgain = true;
    await this.lab.replay(record);
    if (this.lab.toast.node.hidden) this.lab.toast.show(say("The lab was started anew; it does again what was done here, up to epoch {epoch}.", { epoch: record.epoch }));
  }
}
