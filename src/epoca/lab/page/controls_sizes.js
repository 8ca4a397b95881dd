// @ts-check
/** How large the drawings are: so that net and result stand on one screen, wherever there is room for it. */

import { byId } from "./dom.js";
import { within } from "./drawing.js";

/** @typedef {import("./lab.js").Lab} Lab */

/** As in style.css. */
const THREE_COLUMNS = "(min-width: 1180px)";

/** What stands around map and curves, and around the network, in pixels of usual size. */
const AROUND_RESULT = 258;
const AROUND_NETWORK = 384;
const SHARE_OF_MAP = 0.62;

/** @param {Lab} lab */
export function fitDrawings(lab) {
  const fit = () => resize(lab);
  window.addEventListener("resize", fit);
  fit();
}

/** @param {Lab} lab */
function resize({ map, network, curves }) {
  const { map: most, curves: height, network: tall } = sizes();
  map.setOptions({ most });
  curves.setOptions({ height });
  network.setOptions({ most: tall });
}

function sizes() {
  if (!window.matchMedia(THREE_COLUMNS).matches) return { map: 420, curves: 220, network: 320 };
  const scale = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const room = window.innerHeight - byId("result").getBoundingClientRect().top - window.scrollY;
  const drawn = room - AROUND_RESULT * scale;
  return {
    map: within(drawn * SHARE_OF_MAP, 230 * scale, 620 * scale),
    curves: within(drawn * (1 - SHARE_OF_MAP), 165 * scale, 340 * scale),
    network: within(room - AROUND_NETWORK * scale, 220 * scale, 560 * scale),
  };
}
