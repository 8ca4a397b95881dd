// @ts-check
/** How wide texts are, and how they are cut where they do not fit. */

import { readTheme } from "./colours.js";
import { contextOf } from "./drawing.js";
import { isProjector } from "./theme.js";

/** For a projector all letters of the drawings are as large, as style.css says. */
const PROJECTED = 15;

const scratch = document.createElement("canvas");

/**
 * @param {string} text
 * @param {number} size of its letters in pixels, where there is no projector
 */
export function textWidth(text, size) {
  const context = contextOf(scratch);
  context.font = `${isProjector() ? PROJECTED : size}px ${readTheme().font}`;
  return context.measureText(text).width;
}

/**
 * A text, or as much of its beginning and its end as fits, since names often begin alike; the whole then belongs in a
 * title.
 *
 * @param {string} text
 * @param {number} room in pixels
 * @param {number} size of its letters
 */
export function fitted(text, room, size) {
  if (textWidth(text, size) <= room) return text;
  const signs = [...text];
  let kept = Math.min(signs.length - 1, Math.ceil((signs.length * room) / textWidth(text, size)) + 2);
  const cut = () => {
    const tail = Math.floor(kept / 3);
    const [start, end] = [signs.slice(0, kept - tail), signs.slice(signs.length - tail)];
    return `${start.join("").trimEnd()}…${end.join("").trimStart()}`;
  };
  while (kept > 1 && textWidth(cut(), size) > room) kept -= 1;
  return cut();
}

/**
 * Several texts, cut where they do not fit; of those that would look alike what stands before their difference goes.
 *
 * @param {string[]} texts
 * @param {number} room in pixels, for each
 * @param {number} size of their letters
 */
export function fittedAll(texts, room, size) {
  const cut = texts.map((text) => fitted(text, room, size));
  return cut.map((text, i) => {
    const alike = texts.filter((_, j) => cut[j] === text);
    const start = wordBefore(alike[0], alike.findLast((other) => other !== alike[0]));
    return start > 0 ? fitted(fittedBefore(texts[i], start, room, size), room, size) : text;
  });
}

/**
 * A text, or its end with as much of what stands before it as there is room for.
 *
 * @param {string} text
 * @param {number} start of its end
 * @param {number} room in pixels
 * @param {number} size of its letters
 */
export function fittedBefore(text, start, room, size) {
  if (textWidth(text, size) <= room) return text;
  let from = start;
  while (from > 0 && textWidth(`…${text.slice(from - 1)}`, size) <= room) from -= 1;
  return from < start ? `…${text.slice(from)}` : text.slice(start);
}

/**
 * Where the word begins by which two texts differ first; 0 where there is no other text.
 *
 * @param {string} text
 * @param {string | undefined} other
 */
function wordBefore(text, other) {
  if (other === undefined) return 0;
  let same = 0;
  while (same < text.length && text[same] === other[same]) same += 1;
  return text.slice(0, same).search(/[^ _.=-]*$/);
}
