/** Turns results into Markdown. */

/**
 * @typedef {import('./statistics.mjs').Summary} Summary
 * @typedef {object} Row
 * @property {string} title     peer and runtime
 * @property {Map<string, Summary | string>} cells  by scenario: microseconds, or why there is none
 */

/** @param {number} microseconds @returns {string} with two or three digits and its unit */
function duration(microseconds) {
  if (microseconds < 1000) return `${microseconds.toFixed(microseconds < 10 ? 1 : 0)} µs`
  const milliseconds = microseconds / 1000
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`
}

/** @param {string[][]} rows the head first @returns {string} */
function table(rows) {
  const [head, ...body] = rows.map((row) => `| ${row.join(' | ')} |`)
  const rule = `| ${rows[0]?.map((_, column) => (column === 0 ? '---' : '---:')).join(' | ')} |`
  return [head, rule, ...body].join('\n')
}

/**
 * @param {Row[]} rows
 * @param {import('./scenarios.mjs').Scenario[]} scenarios
 * @returns {string}
 */
function medians(rows, scenarios) {
  const head = ['p50', ...scenarios.map(({ title }) => title)]
  const body = rows.map(({ title, cells }) => [
    title,
    ...scenarios.map(({ name }) => {
      const cell = cells.get(name)
      return typeof cell === 'object' ? duration(cell.p50) : '-'
    }),
  ])
  return table([head, ...body])
}

/**
 * @param {Row[]} rows
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @returns {string}
 */
function details(rows, { name, title }) {
  const head = ['', 'p50', 'p95', 'p99', 'min', 'runs']
  const body = rows.map((row) => {
    const cell = row.cells.get(name)
    if (typeof cell !== 'object') return [row.title, cell ?? 'not measured', '', '', '', '']
    const { p50, p95, p99, min, samples } = cell
    return [row.title, ...[p50, p95, p99, min].map(duration), String(samples)]
  })
  return `## ${title}\n\n${table([head, ...body])}`
}

/**
 * @param {object} results
 * @param {Record<string, string | number>} results.about
 * @param {Row[]} results.rows
 * @param {import('./scenarios.mjs').Scenario[]} results.scenarios
 * @param {string | undefined} results.native  a table, ready made
 * @returns {string}
 */
export function markdown({ about, rows, scenarios, native }) {
  const facts = Object.entries(about).map(([key, value]) => `- ${key}: ${value}`)
  return [
    '# Results of script/bench',
    facts.join('\n'),
    medians(rows, scenarios),
    ...scenarios.map((scenario) => details(rows, scenario)),
    ...(native === undefined ? [] : [`## Below JavaScript\n\n${native}`]),
    '',
  ].join('\n\n')
}
