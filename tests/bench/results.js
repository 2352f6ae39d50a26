/** Made-up results for the tests of what the bench makes of them. */

import { scenarios } from '../../bench/scenarios.mjs'

/** @param {number} p50 @returns {import('../../bench/statistics.mjs').Summary} */
export const figures = (p50) => ({
  samples: 30,
  rounds: 3,
  spread: 0.01,
  min: p50 / 2,
  p50,
  p95: p50 * 2,
  p99: p50 * 3,
  max: p50 * 4,
})

/**
 * @param {string} peer
 * @param {string} runtime
 * @param {Record<string, number | string>} cells  medians, or why there is none
 * @returns {import('../../bench/report.mjs').Row}
 */
export const row = (peer, runtime, cells) => ({
  peer,
  runtime,
  title: peer,
  version: '1.2.3',
  kind: 'a box',
  ours: peer === 'hutch',
  cells: new Map(
    Object.entries(cells).map(([name, cell]) => [
      name,
      typeof cell === 'number' ? figures(cell) : cell,
    ]),
  ),
})

/** @param {string[]} names */
export const scenariosNamed = (...names) => scenarios.filter(({ name }) => names.includes(name))

/** @param {string} name */
export const scenarioNamed = (name) => {
  const [found] = scenariosNamed(name)
  if (found === undefined) throw new Error(`there is no scenario ${name}`)
  return found
}
