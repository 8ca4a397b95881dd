// @ts-check
/** Bringing a table of one's own: dropped anywhere on the page, or chosen. */

import { saying } from "./dom.js";
import { element } from "./drawing.js";
import { say } from "./words.js";

/** @typedef {import("./lab.js").Lab} Lab */

const KINDS = ".csv,.tsv,.txt,.gz,.zst,.parquet,.arrow,.feather";

/**
 * The field to drop a file on, which is a button to choose one, too.
 *
 * @param {Lab} lab
 */
export function bringing(lab) {
  const file = element("input", { type: "file", accept: KINDS, class: "unseen" });
  const text = saying("span", () => say("Your own table: drop a CSV or Parquet file here, or choose one"));
  const zone = element("label", { class: "drop" }, file, text);
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    if (chosen) await bring(lab, chosen, zone);
    file.value = "";
  });
  listenToDrops(lab, zone);
  return [zone];
}

/**
 * @param {Lab} lab
 * @param {HTMLElement} zone
 */
function listenToDrops(lab, zone) {
  const mark = (/** @type {boolean} */ isOver) => zone.classList.toggle("is-over", isOver);
  window.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  window.addEventListener("dragleave", () => mark(false));
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const dropped = event.dataTransfer?.files[0];
    if (dropped) bring(lab, dropped, zone);
  });
}

/**
 * @param {Lab} lab
 * @param {File} file
 * @param {HTMLElement} zone
 */
async function bring(lab, file, zone) {
  zone.classList.add("is-busy");
  try {
    const answer = await fetch(`/tables?session=${encodeURIComponent(lab.model.session)}`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream", "X-Name": encodeURIComponent(file.name), "X-Epoca-Token": token() },
      body: file,
    });
    const told = await answer.json();
    if (answer.ok) await lab.change({ table: told.id });
    else lab.refuse(told.sentence ?? say("{file} was not taken.", { file: file.name }));
  } catch {
    lab.refuse(say("{file} could not be sent to the server.", { file: file.name }));
  } finally {
    zone.classList.remove("is-busy");
  }
}

const token = () => document.querySelector('meta[name="epoca-token"]')?.getAttribute("content") ?? "";
