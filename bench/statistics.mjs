/** What is said of many samples, and when there are enough of them. */

/**
 * @typedef {'microseconds' | 'rate' | 'ratio' | 'kilobytes' | 'values'} Unit
 *
 * @typedef {object} Quantiles
 * @property {number} samples
 * @property {number} min
 * @property {number} p50
 * @property {number} p95
 * @property {number} p99
 * @property {number} max
 *
 * @typedef {object} Rounds
 * @property {number} rounds
 * @property {number} spread  see spreadOf()
 *
 * @typedef {Quantiles & Rounds} Summary
 */

/** The rounds of a scenario go on until its medians lie this close together. */
export const STABLE_SPREAD = 0.05

/** @param {number[]} values not empty @returns {Float64Array} */
const sortedOf = (values) => Float64Array.from(values).sort()

/** @param {Float64Array} sorted @param {number} share from 0 to 1 @returns {number} */
function quantile(sorted, share) {
  const at = Math.min(sorted.length - 1, Math.floor(share * sorted.length))
  return /** @type {number} */ (sorted[at])
}

/**
 * How far the medians of the rounds lie apart: half the distance between their quartiles, as a
 * share of their median. One round says nothing, and so is infinitely far.
 *
 * @param {number[][]} rounds
 * @returns {number}
 */
export function spreadOf(rounds) {
  if (rounds.length < 2) return Number.POSITIVE_INFINITY
  const medians = sortedOf(rounds.map((round) => quantile(sortedOf(round), 0.5)))
  const middle = quantile(medians, 0.5)
  if (middle === 0) return 0
  return (quantile(medians, 0.75) - quantile(medians, 0.25)) / 2 / Math.abs(middle)
}

/** @param {number[]} values not empty @returns {Quantiles} */
export function summarize(values) {
  const sorted = sortedOf(values)
  return {
    samples: sorted.length,
    min: quantile(sorted, 0),
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
  }
}

/** @param {number[][]} rounds at least one, none of them empty @returns {Summary} */
export function summarizeRounds(rounds) {
  const spread = spreadOf(rounds)
  return {
    ...summarize(rounds.flat()),
    rounds: rounds.length,
    spread: Number.isFinite(spread) ? spread : 0,
  }
}

/** @param {number} value @returns {string} with three digits */
const digits = (value) =>
  Math.abs(value) < 999.5 ? value.toPrecision(3) : Math.round(value).toLocaleString('en-US')

/** @param {number} microseconds @returns {string} */
function duration(microseconds) {
  if (microseconds < 999.5) return `${digits(microseconds)} µs`
  if (microseconds < 999.5e3) return `${digits(microseconds / 1e3)} ms`
  return `${digits(microseconds / 1e6)} s`
}

/** @type {Record<Unit, (value: number) => string>} */
const FORMATS = {
  microseconds: duration,
  rate: (value) => `${digits(value)}/s`,
  ratio: (value) => `${digits(value)} ×`,
  kilobytes: (value) => `${digits(value)} KiB`,
  values: (value) => digits(value),
}

/** @param {number} value @param {Unit} unit @returns {string} */
export const format = (value, unit) => FORMATS[unit](value)

/** Whether the larger figure is the better one. @param {Unit} unit */
export const moreIsBetter = (unit) => unit === 'rate'
