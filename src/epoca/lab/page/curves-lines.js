// @ts-check
/** Lines through thousands of epochs, drawn as one low and one high point a column of pixels. */

/** @typedef {import("./axis.js").Scale} Scale */
/** @typedef {{epochs: Scale, values: Scale}} Scales */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} list one number an epoch, from epoch 1
 * @param {Scales} scales
 * @param {{colour: string, width: number, dash?: number[]}} look
 */
export function strokeCurve(context, list, scales, { colour, width, dash = [] }) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash(dash);
  context.beginPath();
  traceCurve(context, list, scales);
  context.stroke();
  context.setLineDash([]);
}

/**
 * Where there are more epochs than half pixels, a column gets the least and the greatest of its epochs, so that no
 * peak is lost. A hole in the numbers is a hole in the line.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} list
 * @param {Scales} scales
 */
function traceCurve(context, list, { epochs, values }) {
  const each = Math.max(1, Math.floor(0.5 / epochs.slope));
  let isDown = false;
  for (let start = 0; start < list.length; start += each) {
    const end = Math.min(start + each, list.length);
    let low = start;
    let high = start;
    for (let i = start + 1; i < end; i += 1) {
      if (list[i] < list[low] || Number.isNaN(list[low])) low = i;
      if (list[i] > list[high] || Number.isNaN(list[high])) high = i;
    }
    for (const i of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      const y = values.place(list[i]);
      if (!Number.isFinite(y)) isDown = false;
      else if (isDown) context.lineTo(epochs.place(i + 1), y);
      else {
        context.moveTo(epochs.place(i + 1), y);
        isDown = true;
      }
    }
  }
}

/**
 * The band between the lowest and the highest member.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} low
 * @param {number[]} high
 * @param {Scales} scales
 * @param {string} colour
 */
export function fillBand(context, low, high, { epochs, values }, colour) {
  const each = Math.max(1, Math.floor(0.5 / epochs.slope));
  const length = Math.min(low.length, high.length);
  const floor = values.isLog ? values.low : -Infinity;
  const columns = [];
  for (let start = 0; start < length; start += each) {
    let [least, most] = [Infinity, -Infinity];
    for (let i = start; i < Math.min(start + each, length); i += 1) {
      if (low[i] < least) least = low[i];
      if (high[i] > most) most = high[i];
    }
    if (least <= most)
      columns.push({ x: epochs.place(start + 1), least: Math.max(least, floor), most: Math.max(most, floor) });
  }
  context.fillStyle = colour;
  context.beginPath();
  for (const { x, most } of columns) context.lineTo(x, values.place(most));
  for (const { x, least } of columns.reverse()) context.lineTo(x, values.place(least));
  context.fill();
}
