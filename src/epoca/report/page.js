"use strict";
(() => {
  const root = document.documentElement;
  const plots = [...document.querySelectorAll(".plot")];
  const button = document.getElementById("look");
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const looks = read("looks");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isNarrow = matchMedia("(max-width: 40rem)");
  const paper = { width: 660, share: 0.78 }; // pixels, and what is left of a figure's height

  const look = () => root.dataset.look ?? (prefersDark.matches ? "dark" : "light");

  // Sets what is named like "xaxis2.domain" or "annotations[0].x".
  function set(holder, name, value) {
    const path = name.replace(/\[(\d+)\]/g, ".$1").split(".");
    const last = path.pop();
    for (const key of path) holder = holder[key] ??= {};
    holder[last] = value;
  }

  function draw(plot, { name = look(), narrow = isNarrow.matches, printed = false } = {}) {
    const figure = read(plot.id + "-data");
    const changes = Object.entries(looks[name]);
    if (narrow) {
      changes.push(["margin.l", 48], ["margin.r", 12], ...Object.entries(figure.narrow.layout));
      for (const [place, attributes] of Object.entries(figure.narrow.traces)) Object.assign(figure.data[place], attributes);
    }
    if (printed) changes.push(["width", paper.width], ["height", figure.layout.height * paper.share], ["autosize", false]);
    for (const [key, value] of changes) set(figure.layout, key, value);
    Plotly.react(plot, figure.data, figure.layout, looks.config);
  }

  const drawAll = (options) => plots.forEach((plot) => draw(plot, options));

  function dress() {
    button.textContent = look() === "dark" ? button.dataset.light : button.dataset.dark;
    drawAll();
  }

  root.classList.add("js");
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.look = look() === "dark" ? "light" : "dark";
    dress();
  });
  prefersDark.addEventListener("change", dress);
  isNarrow.addEventListener("change", () => drawAll());

  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details.paper:not([open])")];
    for (const details of unfolded) details.open = true;
    drawAll({ name: "light", narrow: false, printed: true });
  });
  addEventListener("afterprint", () => {
    for (const details of unfolded) details.open = false;
    drawAll();
  });

  dress();
})();
