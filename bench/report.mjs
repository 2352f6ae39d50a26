/** Turns results into Markdown. */

import { format, moreIsBetter, STABLE_SPREAD } from './statistics.mjs'

/**
 * @typedef {import('./statistics.mjs').Summary} Summary
 * @typedef {import('./scenarios.mjs').Scenario} Scenario
 *
 * @typedef {object} Row
 * @property {string} peer
 * @property {string} runtime
 * @property {string} title     of the peer
 * @property {string} version
 * @property {string} kind      what holds the guest
 * @property {boolean} ours
 * @property {string} [note]
 * @property {string} [unable]  why it measured nothing
 * @property {Map<string, Summary | string>} cells  by scenario: figures, or why there are none
 *
 * @typedef {object} Results
 * @property {Record<string, string | number>} about
 * @property {Row[]} rows
 * @property {Scenario[]} scenarios  those measured
 * @property {import('./goals.mjs').Verdict[]} verdicts
 * @property {string | undefined} native  a table, ready made
 */

/** @param {string[][]} rows the head first @returns {string} */
function table(rows) {
  const [head, ...body] = rows.map((row) => `| ${row.join(' | ')} |`)
  const rule = `| ${rows[0]?.map((_, column) => (column === 0 ? '---' : '---:')).join(' | ')} |`
  return [head, rule, ...body].join('\n')
}

/** @param {Row} row */
export const nameOf = ({ title, runtime }) => `${title}, ${runtime}`

/** @param {Row} row */
const canMeasure = ({ unable }) => unable === undefined

/** @param {(Summary | string | undefined)[]} cells @param {Scenario} scenario */
function bestOf(cells, { unit }) {
  const medians = cells.flatMap((cell) => (typeof cell === 'object' ? [cell.p50] : []))
  return moreIsBetter(unit) ? Math.max(...medians) : Math.min(...medians)
}

/** A scenario a line, a peer a column; the best in bold. @param {Results} results */
function medians({ rows, scenarios }) {
  const present = rows.filter(canMeasure)
  const head = ['p50', ...present.map(nameOf)]
  const body = scenarios
    .filter(({ main, options }) => main || options !== undefined)
    .map((scenario) => {
      const cells = present.map(({ cells }) => cells.get(scenario.name))
      const best = bestOf(cells, scenario)
      const texts = cells.map((cell) => {
        if (typeof cell !== 'object') return '-'
        const text = format(cell.p50, scenario.unit)
        return cell.p50 === best ? `**${text}**` : text
      })
      return [scenario.title, ...texts]
    })
  return table([head, ...body])
}

/** @param {Results} results @returns {string[]} a table for each thing that grows */
function growth({ rows, scenarios }) {
  const families = new Set(scenarios.flatMap(({ growth }) => growth ?? []))
  return [...families].flatMap((family) => {
    const columns = scenarios.filter((scenario) => scenario.growth === family)
    if (columns.length < 2) return []
    const head = [family, ...columns.map(({ column }) => column ?? '')]
    const body = rows.filter(canMeasure).map((row) => [
      nameOf(row),
      ...columns.map(({ name, unit }) => {
        const cell = row.cells.get(name)
        return typeof cell === 'object' ? format(cell.p50, unit) : '-'
      }),
    ])
    return table([head, ...body])
  })
}

/** @param {Results} results @returns {string} */
function goalTable({ verdicts }) {
  const word = (/** @type {boolean | undefined} */ reached) =>
    reached === undefined ? 'not measured' : reached ? 'yes' : '**no**'
  const body = verdicts.map(({ scenario, runtime, goal, measured, reached }) => [
    `${scenario}, ${runtime}`,
    goal,
    measured,
    word(reached),
  ])
  return table([['goal', 'is', 'measured', 'reached'], ...body])
}

/**
 * Why figures of this row are missing, a line for each reason.
 *
 * @param {Row} row
 * @param {Scenario[]} scenarios
 */
function reasonsOf({ cells, ours }, scenarios) {
  const titles = /** @type {Map<string, string[]>} */ (new Map())
  for (const { name, title, options } of scenarios) {
    const cell = cells.get(name)
    if (typeof cell !== 'string' || (options !== undefined && !ours)) continue
    titles.set(cell, [...(titles.get(cell) ?? []), title])
  }
  return [...titles].map(([reason, where]) => `  - ${where.join('; ')}: ${reason}`)
}

/** Everybody who was to be measured. @param {Results} results */
function peerList({ rows, scenarios }) {
  const lines = rows.flatMap((row) => {
    const head = `- **${nameOf(row)}**${row.version && ` ${row.version}`}: ${row.kind}`
    if (row.unable !== undefined) return [`${head}. Cannot run: ${row.unable}`]
    const note = row.note === undefined ? '' : `; ${row.note}`
    return [head + note, ...reasonsOf(row, scenarios)]
  })
  return lines.join('\n')
}

/** @param {Row[]} rows @param {Scenario} scenario @returns {string} */
function details(rows, { name, title, unit }) {
  const head = ['', 'p50', 'p95', 'p99', 'min', 'max', 'samples', 'rounds', 'spread']
  const body = rows.filter(canMeasure).map((row) => {
    const cell = row.cells.get(name)
    if (typeof cell !== 'object') return [nameOf(row), cell ?? 'not measured', ...Array(7).fill('')]
    const { p50, p95, p99, min, max, samples, rounds, spread } = cell
    const figures = [p50, p95, p99, min, max].map((value) => format(value, unit))
    const share = `${(spread * 100).toFixed(1)} %${spread > STABLE_SPREAD ? ' (unstable)' : ''}`
    return [nameOf(row), ...figures, String(samples), String(rounds), share]
  })
  return `### ${title}\n\n${table([head, ...body])}`
}

/** What is printed: the tables that compare. @param {Results} results @returns {string} */
export function summary(results) {
  const facts = Object.entries(results.about).map(([key, value]) => `- ${key}: ${value}`)
  const sections = [
    ['# Results of script/bench', facts.join('\n')],
    results.scenarios.length === 0 ? [] : [medians(results)],
    ['## How cost grows', ...growth(results)],
    results.verdicts.length === 0 ? [] : ['## Goals', goalTable(results)],
    ['## Who was measured', peerList(results)],
    ...(results.native === undefined ? [] : [['## Below JavaScript', results.native]]),
  ]
  return sections
    .filter((section, at) => at < 2 || section.length > 1)
    .flat()
    .join('\n\n')
}

/** That, and all percentiles. @param {Results} results @returns {string} */
export function full(results) {
  const { rows, scenarios } = results
  const tables = scenarios.map((scenario) => details(rows, scenario))
  return `${[summary(results), '## All figures', ...tables].join('\n\n')}\n`
}
