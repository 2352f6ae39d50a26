/**
 * What ours is to reach: one table. A goal is a bound, or a ratio to a peer of
 * the same run; it is judged for Bun and for Node.js, at the median.
 *
 * @typedef {object} Goal
 * @property {string} scenario
 * @property {number} [bound]    in the unit of the scenario: at most, or at least of a rate
 * @property {string} [against]  a peer, or 'every' other one
 * @property {number} [times]    how many times as good as that one, at least
 * @property {string} [says]     the same in words
 *
 * @typedef {object} Verdict
 * @property {string} scenario
 * @property {string} goal
 * @property {string} runtime
 * @property {string} measured
 * @property {boolean | undefined} reached  undefined: not measured
 */

import { format, moreIsBetter } from './statistics.mjs'

/** @type {Goal[]} */
export const goals = [
  { scenario: 'first', bound: 5000 },
  { scenario: 'fresh', bound: 8 },
  { scenario: 'fresh', against: 'every', times: 1, says: 'level with the fastest peer' },
  { scenario: 'fresh', against: 'quickjs-emscripten', times: 20 },
  { scenario: 'fresh', against: 'isolated-vm', times: 300 },
  { scenario: 'reused', bound: 7 },
  { scenario: 'calls-8', bound: 40 },
  { scenario: 'calls-100', bound: 350 },
  { scenario: 'parallel-100', bound: 350 },
  { scenario: 'process-fresh', bound: 50 },
  { scenario: 'process-rate', bound: 3000 },
  { scenario: 'flight-64', bound: 100_000 },
  { scenario: 'fib-20', bound: 750 },
  { scenario: 'fib-20', against: 'every', times: 1 },
  { scenario: 'rows-5k', bound: 6000 },
  { scenario: 'rows-5k', against: 'every', times: 1 },
  { scenario: 'result-1000k', bound: 12_000 },
  { scenario: 'result-1000k', against: 'every', times: 1 },
  { scenario: 'stall', bound: 1000 },
  { scenario: 'memory', bound: 160 },
  { scenario: 'crowd-8', bound: 4.4 },
]

const RUNTIMES = ['bun', 'node']

/**
 * @typedef {import('./report.mjs').Row} Row
 *
 * @param {Row[]} rows
 * @param {import('./scenarios.mjs').Scenario[]} scenarios  that were measured
 * @returns {Verdict[]}
 */
export function judge(rows, scenarios) {
  return goals.flatMap((goal) => {
    const scenario = scenarios.find(({ name }) => name === goal.scenario)
    if (scenario === undefined) return []
    return rows
      .filter((row) => row.ours && RUNTIMES.includes(row.runtime))
      .map((row) => verdictOf(goal, scenario, row, rows))
  })
}

/**
 * @param {Goal} goal
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @param {Row} row  ours
 * @param {Row[]} rows
 * @returns {Verdict}
 */
function verdictOf(goal, { name, title, unit }, row, rows) {
  const verdict = { scenario: title, runtime: row.runtime }
  const own = medianOf(row, name)
  if (goal.bound !== undefined) {
    const { bound } = goal
    const text = `${moreIsBetter(unit) ? 'at least' : 'at most'} ${format(bound, unit)}`
    if (own === undefined) return { ...verdict, goal: text, measured: '-', reached: undefined }
    const reached = moreIsBetter(unit) ? own >= bound : own <= bound
    return { ...verdict, goal: text, measured: format(own, unit), reached }
  }
  const { against = 'every', times = 1, says } = goal
  const others = rows.filter((each) => !each.ours && (against === 'every' || each.peer === against))
  const best = Math.min(...others.map((each) => medianOf(each, name) ?? Number.POSITIVE_INFINITY))
  const usual = against === 'every' ? 'ahead of every peer' : `${times} times ahead of ${against}`
  const text = says ?? usual
  if (own === undefined || best === Number.POSITIVE_INFINITY) {
    return { ...verdict, goal: text, measured: '-', reached: undefined }
  }
  const ratio = best / own
  return { ...verdict, goal: text, measured: `${ratio.toFixed(1)} times`, reached: ratio >= times }
}

/** @param {Row} row @param {string} scenario @returns {number | undefined} */
function medianOf(row, scenario) {
  const cell = row.cells.get(scenario)
  return typeof cell === 'object' ? cell.p50 : undefined
}
