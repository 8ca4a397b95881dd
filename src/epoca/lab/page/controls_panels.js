// @ts-check
/** All panels of the page, and which of them are drawn anew when something changes. */

import { ColumnsPanel } from "./columns.js";
import { ConfusionPanel } from "./confusion.js";
import { Layers, Path, Settings } from "./controls_learner.js";
import { CurveControls, MapControls, PointTool, Viewed } from "./controls_result.js";
import { Tabs } from "./controls_tabs.js";
import { Tools } from "./controls_tools.js";
import { TransportBar } from "./controls_transport.js";
import { DataPanel, dataHeading } from "./data_panel.js";
import { byId } from "./dom.js";
import { setText } from "./drawing.js";
import { LikelihoodPanel } from "./likelihood.js";
import { sentenceOf } from "./map-reading.js";
import { RecipePanel } from "./recipe.js";
import { RowPanel } from "./row_panel.js";
import { RunsPanel } from "./runs.js";
import { Story, storyHeading } from "./story.js";
import { say } from "./words.js";

/** @typedef {import("./drawing-types.js").Frame} Frame */
/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {Record<string, any>} State */
/** @typedef {{render: (state: State) => void, constructor: Function}} Panel its class says in `keys` what it shows */

export class Panels {
  /** @param {Lab} lab */
  constructor(lab) {
    this.lab = lab;
    byId("data").append(dataHeading());
    byId("story").append(storyHeading());
    this.bar = new TransportBar(byId("bar"), lab);
    this.tabs = this.#tabs();
    this.row = new RowPanel(this.tabs.panel("row"), lab);
    this.likelihood = new LikelihoodPanel(this.tabs.panel("likelihood"), lab);
    this.data = new DataPanel(byId("data"), lab);
    this.mapControls = new MapControls(byId("map-controls"), lab, lab.map);
    this.curveControls = new CurveControls(byId("curve-controls"), lab.curves);
    this.recipe = new RecipePanel(this.tabs.panel("recipe"), lab);
    this.runs = new RunsPanel(this.tabs.panel("runs"), lab);
    /** @type {Panel[]} */
    this.all = [this.bar, this.data, this.mapControls, this.curveControls, this.row, this.likelihood, this.recipe, this.runs, ...this.#others()];
    new Tools(byId("tools"), lab, this);
    this.#wire();
  }

  #tabs() {
    const tabs = [
      { name: "scores", title: () => say("Right and wrong") },
      { name: "row", title: () => say("One row") },
      { name: "likelihood", title: () => say("Likelihood") },
      { name: "runs", title: () => say("Runs side by side") },
      { name: "columns", title: () => say("Columns") },
      { name: "recipe", title: () => say("Take it along") },
    ];
    return new Tabs(byId("more"), tabs, (name) => this.#shown(name));
  }

  #others() {
    const { lab, tabs } = this;
    return [
      new Path(byId("path"), lab),
      new Layers(byId("layers"), lab),
      new Settings(byId("settings"), lab),
      new Story(byId("story"), lab),
      new PointTool(this.data.points, lab.map),
      new Viewed(byId("viewed"), lab),
      new ConfusionPanel(tabs.panel("scores")),
      new ColumnsPanel(tabs.panel("columns"), lab),
    ];
  }

  /** What is done on the drawings. */
  #wire() {
    const { lab } = this;
    const reading = byId("reading");
    lab.map.setOptions({
      onPick: (row, x, y) => lab.selectRow(row === null ? { values: this.#valuesAt(x, y) } : { row }),
      onAdd: (x, y, code) => lab.edit("add_point", { x, y, code }),
      onMove: (row, x, y) => lab.edit("move_point", { row, x, y }),
      onRemove: (row) => {
        lab.forgetRow();
        lab.edit("remove_point", { row });
      },
      onHover: (found) => setText(reading, found ? sentenceOf(lab.map, found) : ""),
    });
    lab.network.setOptions({
      onSelectNeuron: (neuron) => lab.selectNeuron(neuron),
      onSetWeight: (index, value) => lab.act("set_weight", { index, value }),
      onFreeze: (index, isFrozen) => lab.act("freeze", { index, is_frozen: isFrozen }),
      onHover: (pointed) => setText(reading, pointed?.text ?? ""),
    });
    lab.pinned.on(() => lab.map.setOptions({ border: lab.pinned.border }));
    lab.curves.setOptions({ onView: (epoch) => lab.act("view", { epoch }) });
  }

  /**
   * A row that lies there; the columns that the map holds fixed are held at the same.
   *
   * @param {number} x
   * @param {number} y
   */
  #valuesAt(x, y) {
    const [across, up] = this.lab.state.axes_of;
    const valueOf = (/** @type {any} */ axis, /** @type {number} */ at) => (axis.kind === "category" ? axis.texts[Math.round(at)] : at);
    return { [across.name]: valueOf(across, x), [up.name]: valueOf(up, y) };
  }

  /** @param {string} name of the tab that is seen now */
  #shown(name) {
    if (name === "row") this.row?.ask();
    if (name === "likelihood") this.likelihood?.ask();
    if (name === "runs") this.runs?.draw();
  }

  /**
   * @param {State} state
   * @param {Set<string>} [changed] keys; all of them by default
   */
  render(state, changed) {
    const told = changed ? Object.fromEntries([...changed].map((key) => [key, state[key]])) : state;
    // What the drawings still show is another table's.
    byId("result").classList.toggle("is-empty", state.status === "failed");
    // A model file is looked at; nothing of it is set or trained.
    document.body.classList.toggle("is-model", state.table === "model");
    if (!changed || ["runs", "axes_of", "sliders"].some((key) => changed.has(key))) this.lab.pinned.follow(state.runs);
    for (const drawing of [this.lab.map, this.lab.network, this.lab.curves]) drawing.setState(told);
    for (const panel of this.all) {
      const { keys } = /** @type {{keys: string[]}} */ (/** @type {unknown} */ (panel.constructor));
      if (!changed || keys.some((key) => changed.has(key))) panel.render(state);
    }
  }

  /** @param {Frame} frame */
  draw(frame) {
    const { map, network, curves } = this.lab;
    map.draw(frame);
    network.draw(frame);
    curves.append(frame.header);
    curves.draw();
    this.bar.draw(/** @type {any} */ (frame.header));
    this.row.draw();
    this.likelihood.draw();
    this.runs.draw();
  }
}
