/** What is said of many samples. */

/**
 * @typedef {object} Summary
 * @property {number} samples
 * @property {number} min
 * @property {number} p50
 * @property {number} p95
 * @property {number} p99
 */

/** @param {number[]} values not empty @returns {Summary} */
export function summarize(values) {
  const sorted = Float64Array.from(values).sort()
  const at = (/** @type {number} */ share) =>
    /** @type {number} */ (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))])
  return { samples: sorted.length, min: at(0), p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
