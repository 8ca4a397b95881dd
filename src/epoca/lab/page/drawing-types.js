// @ts-check
/** The shapes of what the drawings are given; docs/lab.md says what each key means. */

/**
 * @typedef {object} AxisOf
 * @property {string} name
 * @property {"number" | "date" | "category"} kind dates are in milliseconds, categories at 0, 1, …
 * @property {number} low
 * @property {number} high
 * @property {string[] | null} [texts] of a category
 */

/**
 * The points of the state, one entry a row in each list.
 *
 * @typedef {object} Points
 * @property {number[]} rows
 * @property {(number | null)[]} x null where the value is missing
 * @property {(number | null)[]} y
 * @property {number[]} target codes of classes, or numbers
 * @property {("train" | "test")[]} part
 */

/** @typedef {{best: number, first: number, last: number, window: number | null, is_open: boolean}} Ideal */

/**
 * @typedef {object} PinnedRun
 * @property {number | string} id
 * @property {{training: (number | null)[], held_out: (number | null)[]}} curve
 */

/**
 * What the drawings read of the state. Each takes the whole state, or only keys that changed.
 *
 * @typedef {object} State
 * @property {AxisOf[]} axes_of
 * @property {"classification" | "regression"} task
 * @property {string} target
 * @property {string[]} labels
 * @property {Points} points
 * @property {boolean} can_edit
 * @property {string[]} inputs
 * @property {number[]} sizes inputs, hidden layers, outputs
 * @property {"logistic" | "softmax" | "identity" | "step"} head
 * @property {string} table
 * @property {string} status
 * @property {string} model
 * @property {number[]} frozen
 * @property {Ideal | null} ideal
 * @property {number} serial
 * @property {number} epoch
 * @property {number | "kept" | null} viewed
 * @property {PinnedRun[]} runs
 */

/**
 * @typedef {object} Header
 * @property {number} serial
 * @property {number} epoch
 * @property {number | "kept"} shown
 * @property {number} first
 * @property {Record<string, (number | null)[]>} [curves]
 * @property {number[][] | null} [weights]
 * @property {number[][] | null} [biases]
 * @property {Line | null} [line]
 * @property {[number, number, number, number][]} [lines]
 * @property {{width: number, height: number, low: number, high: number} | null} [map]
 * @property {{size: number, counts: number[]} | null} [neurons]
 */

/** @typedef {[number, number, number]} Line a, b, c with a·x + b·y + c = 0 */

/**
 * The planes of bytes behind the header; of maps the lowest row comes first.
 *
 * @typedef {object} Planes
 * @property {Uint8Array} [code]
 * @property {Uint8Array} [sureness]
 * @property {Uint8Array[]} [neurons] one a hidden neuron, layer by layer, `counts` of them
 * @property {Uint8Array} [pointCode]
 * @property {Uint8Array} [pointProbability]
 */

/** @typedef {{header: Header, planes: Planes}} Frame */

export {};
