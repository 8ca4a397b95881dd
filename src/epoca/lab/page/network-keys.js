// @ts-check
/** Walking through a network by keyboard: one stop of the Tab key, arrows from there. */

/** @typedef {import("./network.js").NetworkGraph} NetworkGraph */
/** @typedef {import("./network-edges.js").Edge} Edge */
/** @typedef {import("./network-nodes.js").DrawnNode} DrawnNode */

export class NetworkKeys {
  /** @param {NetworkGraph} graph */
  constructor(graph) {
    this.graph = graph;
    /** @type {DrawnNode | null} where the focus is, or was last */
    this.node = null;
    /** @type {Edge | null} */
    this.edge = null;
  }

  /** Another network is drawn: the Tab key enters at the first input. */
  restart() {
    this.edge = null;
    this.#enterAt(this.graph.nodes[0]?.[0] ?? null);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.node) return;
    const isDone = this.edge ? this.#onEdge(event.key, this.edge) : this.#onNode(event.key, this.node);
    if (isDone) event.preventDefault();
  }

  /**
   * @param {string} key
   * @param {DrawnNode} node
   */
  #onNode(key, node) {
    const column = this.graph.nodes[node.column];
    if (key === "ArrowUp") this.focusNode(column[node.index - 1]);
    else if (key === "ArrowDown") this.focusNode(column[node.index + 1]);
    else if (key === "ArrowLeft") this.#across(node, -1);
    else if (key === "ArrowRight") this.#across(node, 1);
    else if (key === "Home") this.focusNode(column[0]);
    else if (key === "End") this.focusNode(column.at(-1));
    else if (key === "Escape") this.graph.selection.select(null);
    else if (key === "w") this.#intoWeights(node);
    else if (key === "Enter" || key === " ") this.#enter(node);
    else return false;
    return true;
  }

  /**
   * @param {string} key
   * @param {Edge} edge
   */
  #onEdge(key, edge) {
    const beside = this.graph.edges.into(edge.to);
    const place = beside.indexOf(edge);
    if (key === "ArrowUp") this.focusEdge(beside[place - 1]);
    else if (key === "ArrowDown") this.focusEdge(beside[place + 1]);
    else if (key === "ArrowLeft") this.focusNode(this.graph.nodeOf(edge.from));
    else if (key === "ArrowRight") this.focusNode(this.graph.nodeOf(edge.to));
    else if (key === "Enter" || key === " ") this.graph.selection.select(edge, true);
    else if (key === "Escape") {
      this.graph.selection.select(null);
      this.focusNode(this.graph.nodeOf(edge.to));
    } else return false;
    return true;
  }

  /** @param {DrawnNode} node */
  #enter(node) {
    if (this.graph.selection.selected === node) this.#intoWeights(node);
    else this.graph.selection.select(node);
  }

  /** @param {DrawnNode} node */
  #intoWeights(node) {
    this.focusEdge(this.graph.edges.into(node)[0]);
  }

  /**
   * @param {DrawnNode} node
   * @param {number} step
   */
  #across(node, step) {
    const column = this.graph.nodes[node.column + step] ?? [];
    const distance = (/** @type {DrawnNode} */ other) => Math.abs(other.y - node.y);
    this.focusNode([...column].sort((one, other) => distance(one) - distance(other))[0]);
  }

  /** @param {DrawnNode | null | undefined} node */
  focusNode(node) {
    node?.group.focus();
  }

  /** @param {Edge | null | undefined} edge */
  focusEdge(edge) {
    edge?.path.focus();
  }

  /**
   * The focus has come to a part, by key, by pointer, or out of the rest of the page.
   *
   * @param {EventTarget | null} part
   */
  arrive(part) {
    const node = this.graph.nodes.flat().find(({ group }) => group === part);
    const edge = node ? null : (this.graph.edges.all.find(({ path }) => path === part) ?? null);
    if (node) this.#enterAt(node);
    this.edge = edge;
    const what = node ?? edge;
    // The value is in the name only while it can be read: names of hundreds of weights would cost every frame.
    if (!what || !(part instanceof Element)) return;
    part.setAttribute("aria-label", this.graph.selection.sentence(what));
    this.graph.selection.point(what);
  }

  /** @param {DrawnNode | null} node */
  #enterAt(node) {
    this.node?.group.setAttribute("tabindex", "-1");
    this.node = node;
    node?.group.setAttribute("tabindex", "0");
  }
}
