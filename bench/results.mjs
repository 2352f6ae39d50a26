/** Results as a file of JSON, back from it, and as the panels of the chart. */

import { readFileSync } from 'node:fs'
import { drawChart } from './chart.mjs'
import { judge } from './goals.mjs'
import { nameOf } from './report.mjs'
import { scenarios } from './scenarios.mjs'

/** @typedef {import('./report.mjs').Results} Results */

/** @param {Results} results @returns {string} */
export function toJson({ about, rows, scenarios: measured, verdicts, native }) {
  const document = {
    about,
    scenarios: measured.map(({ name, title, unit }) => ({ name, title, unit })),
    rows: rows.map(({ cells, ...row }) => ({ ...row, cells: Object.fromEntries(cells) })),
    goals: verdicts,
    native: native?.split('\n'),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/**
 * @param {string} file that toJson() wrote
 * @returns {Results}
 * @throws {Error} when it is not such a file
 */
export function fromFile(file) {
  /** @type {any} */
  let document
  try {
    document = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`cannot read ${file}: ${/** @type {Error} */ (error).message}`)
  }
  if (!Array.isArray(document?.rows) || !Array.isArray(document?.scenarios)) {
    throw new Error(`${file} has no rows and scenarios; expected what --json writes`)
  }
  const names = new Set(document.scenarios.map((/** @type {{ name: string }} */ each) => each.name))
  const measured = scenarios.filter(({ name }) => names.has(name))
  const rows = document.rows.map((/** @type {any} */ row) => ({
    ...row,
    cells: new Map(Object.entries(row.cells)),
  }))
  return {
    about: document.about,
    rows,
    scenarios: measured,
    verdicts: judge(rows, measured),
    native: document.native?.join('\n'),
  }
}

/** @param {Results} results @returns {string} an SVG document */
export function toChart({ about, rows, scenarios: measured }) {
  const present = rows.filter(({ unable }) => unable === undefined)
  const panels = measured
    .filter(({ chart }) => chart)
    .map(({ name, title, unit }) => ({
      title: title.replaceAll('`', ''),
      unit,
      bars: present.map((row) => {
        const cell = row.cells.get(name)
        const value = typeof cell === 'object' ? cell.p50 : undefined
        return { label: nameOf(row).replace('@tanstack/', ''), value, ours: row.ours }
      }),
    }))
  const { processor, cores, date } = about
  return drawChart(
    'Hutch beside its peers, median',
    `${processor}, ${cores} cores, ${date}`,
    panels,
  )
}
