// @ts-check
/** What learns: the path from perceptron to network, its layers, and its settings. */

import { check, menu, numeric, segmented, slider, stepper, textual } from "./controls.js";
import { button, folded } from "./dom.js";
import { element } from "./drawing.js";
import { percent, say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */

const MOST_LAYERS = 6;
const MOST_NEURONS = 128;
const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const DECAYS = [0, 0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100];
const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const RULES = ["patience(16)", "patience(32)", "patience(64)", "refined(16)", "one_se(1)", "gl(5)", "pq(0.75)", "up(3)"];

/** Perceptron → neuron → network, on the same data. */
export class Path {
  static keys = ["model"];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.path = segmented({
      name: () => say("What learns"),
      kind: "is-path",
      choices: [
        { value: "perceptron", text: () => say("Perceptron") },
        { value: "neuron", text: () => say("Neuron") },
        { value: "network", text: () => say("Network") },
      ],
      // The line that a perceptron or a neuron draws is that of one member; so is its map then.
      choose: (model) => lab.change({ model, map_of: model === "network" ? "all" : "member" }),
    });
    host.append(this.path.node);
  }

  /** @param {State} state */
  render({ model }) {
    this.path.show(model);
  }
}

/** Hidden layers and their neurons, added and removed by hand. */
export class Layers {
  static keys = ["model", "hidden", "edits"];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.lab = lab;
    this.count = stepper({
      ...{ name: () => say("Hidden layers"), low: 0, high: MOST_LAYERS },
      ...{ less: () => say("One layer less"), more: () => say("One layer more") },
      choose: (layers) => lab.change({ hidden: resized(lab.state.hidden, layers) }),
    });
    this.widths = Array.from({ length: MOST_LAYERS }, (_, layer) => this.#width(layer));
    this.undo = button({
      ...{ text: () => say("Undo the last weight"), icon: "undo", press: () => lab.act("undo"), kind: "quiet undo" },
    });
    this.row = element("div", { class: "layers" }, this.count.node, ...this.widths.map(({ node }) => node));
    host.append(this.row, this.undo);
  }

  /** @param {number} layer */
  #width(layer) {
    return stepper({
      ...{ name: () => say("Layer {number}", { number: layer + 1 }), low: 1, high: MOST_NEURONS },
      ...{ less: () => say("One neuron less"), more: () => say("One neuron more") },
      choose: (width) => this.lab.change({ hidden: this.lab.state.hidden.with(layer, width) }),
    });
  }

  /** @param {State} state */
  render({ model, hidden, edits }) {
    this.row.hidden = model !== "network";
    this.count.show(hidden.length);
    this.widths.forEach((width, layer) => {
      width.node.hidden = layer >= hidden.length;
      if (layer < hidden.length) width.show(hidden[layer]);
    });
    this.undo.hidden = !edits;
  }
}

/**
 * The same layers, with some added that are like the last, or without the last.
 *
 * @param {number[]} hidden
 * @param {number} layers
 */
function resized(hidden, layers) {
  return Array.from({ length: layers }, (_, layer) => hidden[layer] ?? hidden.at(-1) ?? 4);
}

/** Everything else that is set before or while it learns. */
export class Settings {
  static keys = [
    ...["model", "activation", "members", "learning_rate", "batch_size", "weight_decay", "dropout", "stopping"],
    ...["epochs", "scaling", "shuffle", "hidden", "member"],
  ];

  /**
   * @param {HTMLElement} host
   * @param {Lab} lab
   */
  constructor(host, lab) {
    this.change = lab.change;
    this.controls = { ...this.#first(), ...this.#further() };
    const { activation, learning_rate, batch_size, members } = this.controls;
    const first = element("div", { class: "fields" }, learning_rate.node, activation.node, batch_size.node, members.node);
    const { weight_decay, dropout, stopping, epochs, scaling, shuffle } = this.controls;
    const fields = [weight_decay, dropout, stopping, epochs].map(({ node }) => node);
    const further = element("div", { class: "fields" }, ...fields, element("div", {}, scaling.node, shuffle.node));
    this.further = folded(() => say("More settings"), further);
    this.member = menu({
      ...{ name: () => say("Drawn above"), kind: "is-inline drawn-member" },
      hint: () => say("Several members learn side by side, each without its own share of the rows. One of them is drawn."),
      choose: (member) => this.change({ member: Number(member) }),
    });
    host.append(first, element("div", { class: "more-settings" }, this.further, this.member.node));
  }

  #first() {
    return {
      learning_rate: slider({
        ...{ name: () => say("Learning rate"), stops: RATES, isExact: true },
        hint: () => say("How far each step goes. It can be changed while it learns."),
        choose: (learning_rate) => this.change({ learning_rate }),
      }),
      activation: menu({
        name: () => say("Activation"),
        hint: () => say("What each hidden neuron makes of its sum"),
        choose: (activation) => this.change({ activation }),
      }),
      batch_size: slider({
        ...{ name: () => say("Batch"), stops: BATCHES },
        hint: () => say("Rows that each step learns from"),
        choose: (batch_size) => this.change({ batch_size }),
      }),
      members: slider({
        ...{ name: () => say("Members"), range: { low: 1, high: 16, step: 1 } },
        hint: () => say("Learners side by side; each holds out another share of the rows"),
        choose: (members) => this.change({ members }),
      }),
    };
  }

  #further() {
    return {
      weight_decay: slider({
        ...{ name: () => say("Weight decay (L2)"), stops: DECAYS, isExact: true },
        hint: () => say("By how much each step shrinks the weights"),
        choose: (weight_decay) => this.change({ weight_decay }),
      }),
      dropout: slider({
        ...{ name: () => say("Dropout"), range: { low: 0, high: 0.9, step: 0.05 }, written: (share) => percent(share, 0) },
        hint: () => say("Share of the hidden neurons left out at each step"),
        choose: (dropout) => this.change({ dropout }),
      }),
      stopping: textual({
        ...{ name: () => say("Stopping rule"), offers: RULES },
        hint: () => say("patience(32) waits for 32 epochs without a better one; empty: go on to the limit"),
        choose: (stopping) => this.change({ stopping }),
      }),
      epochs: numeric({
        ...{ name: () => say("Limit of epochs"), isWhole: true },
        choose: (epochs) => this.change({ epochs }),
      }),
      scaling: check({ name: () => say("Scale the columns"), choose: (scaling) => this.change({ scaling }) }),
      shuffle: check({ name: () => say("Shuffle the rows for each epoch"), choose: (shuffle) => this.change({ shuffle }) }),
    };
  }

  /** @param {State} state */
  render(state) {
    this.controls.activation.offer(activations());
    for (const [key, control] of Object.entries(this.controls)) control.show(/** @type {never} */ (state[key]));
    const isNetwork = state.model === "network";
    if (!isNetwork) this.controls.batch_size.show(1);
    for (const key of /** @type {const} */ (["batch_size", "weight_decay", "dropout"])) this.controls[key].allow(isNetwork);
    this.controls.activation.allow(isNetwork && state.hidden.length > 0);
    this.#renderMember(state);
  }

  /** @param {State} state */
  #renderMember({ members, member }) {
    const all = Array.from({ length: members }, (_, i) => i);
    this.member.node.hidden = members < 2;
    this.member.offer(all.map((i) => ({ value: String(i), text: say("member {n} of {members}", { n: i + 1, members }) })));
    this.member.show(String(member));
  }
}

const activations = () => [
  { value: "tanh", text: "tanh" },
  { value: "relu", text: "ReLU" },
  { value: "logistic", text: say("logistic") },
  { value: "silu", text: "SiLU" },
];
