// @ts-check
/** A frame out of its bytes: the length of the header, the header, the planes one behind the other. */

/** @typedef {import("./drawing-types.js").Frame} Frame */
/** @typedef {import("./drawing-types.js").Planes} Planes */

/**
 * @param {ArrayBuffer} bytes
 * @returns {Frame}
 */
export function parsedFrame(bytes) {
  const length = new DataView(bytes).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  return { header, planes: planesOf(header, bytes, 4 + length) };
}

/**
 * @param {Record<string, any>} header
 * @param {ArrayBuffer} bytes
 * @param {number} start
 * @returns {Planes} views of the bytes, none of them copied
 */
function planesOf({ map, neurons, points }, bytes, start) {
  const take = (/** @type {number} */ size) => {
    const plane = new Uint8Array(bytes, start, size);
    start += size;
    return plane;
  };
  /** @type {Planes} */
  const planes = {};
  if (map) {
    planes.code = take(map.width * map.height);
    planes.sureness = take(map.width * map.height);
  }
  if (neurons) {
    const count = neurons.counts.reduce((/** @type {number} */ sum, /** @type {number} */ n) => sum + n, 0);
    planes.neurons = Array.from({ length: count }, () => take(neurons.size ** 2));
  }
  if (points) {
    planes.pointCode = take(points.n);
    planes.pointProbability = take(points.n);
  }
  return planes;
}
