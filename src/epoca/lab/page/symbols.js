// @ts-check
/** A shape for every class beside its colour, as an SVG path, which a canvas takes too. */

export const SYMBOLS = ["circle", "diamond", "square", "triangle", "cross", "x", "star", "triangle-down"];

/**
 * The outline of a class's shape around (0, 0). All look about as large as a circle of that radius.
 *
 * @param {number} code of the class
 * @param {number} radius
 */
export function symbolPath(code, radius) {
  return PATHS[code % PATHS.length](radius);
}

/** @type {((radius: number) => string)[]} in the order of SYMBOLS */
const PATHS = [
  (r) => `M${r} 0A${r} ${r} 0 1 1 ${-r} 0A${r} ${r} 0 1 1 ${r} 0Z`,
  (r) => polygon(regular(4, 1.25 * r, 0)),
  (r) => polygon(regular(4, 1.25 * r, 45)),
  (r) => polygon(regular(3, 1.35 * r, 0)),
  (r) => polygon(crossed(r, 0)),
  (r) => polygon(crossed(r, 45)),
  (r) => polygon(star(1.4 * r, 0.6 * r)),
  (r) => polygon(regular(3, 1.35 * r, 180)),
];

/** @typedef {[number, number]} Place */

/** @param {Place[]} corners */
const polygon = (corners) => `M${corners.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;

/**
 * @param {number} radius
 * @param {number} degrees from the top, clockwise
 * @returns {Place}
 */
function around(radius, degrees) {
  const turn = ((degrees - 90) * Math.PI) / 180;
  return [radius * Math.cos(turn), radius * Math.sin(turn)];
}

/**
 * @param {number} corners
 * @param {number} radius
 * @param {number} turned
 */
const regular = (corners, radius, turned) =>
  Array.from({ length: corners }, (_, i) => around(radius, turned + (360 * i) / corners));

/**
 * @param {number} outer
 * @param {number} inner
 */
const star = (outer, inner) => Array.from({ length: 10 }, (_, i) => around(i % 2 ? inner : outer, 36 * i));

/**
 * A plus sign with arms wide enough to have a colour.
 *
 * @param {number} radius
 * @param {number} turned
 */
function crossed(radius, turned) {
  const [long, half] = [1.25 * radius, 0.42 * radius];
  const reach = Math.hypot(long, half);
  const aside = (Math.atan2(half, long) * 180) / Math.PI;
  return [0, 90, 180, 270].flatMap((arm) => {
    const inner = around(half * Math.SQRT2, turned + arm + 45);
    return [around(reach, turned + arm - aside), around(reach, turned + arm + aside), inner];
  });
}
