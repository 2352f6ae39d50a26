/**
 * Has all entrants measure in turn, a short slice each, round after round:
 * whatever disturbs the machine for a while disturbs all of them alike. While
 * one measures the others sleep. What an entrant cannot measure becomes the
 * reason in its cell, and it goes on with the next scenario in a new process.
 */

import { Runner } from './runner.mjs'
import { STABLE_SPREAD, spreadOf } from './statistics.mjs'

/**
 * @typedef {import('./scenarios.mjs').Scenario} Scenario
 * @typedef {number[][] | string} Result  the samples of each round, or why there are none
 *
 * @typedef {object} Entrant
 * @property {string} name     of the peer
 * @property {import('./peers/peers.mjs').Peer} peer
 * @property {import('./peers/peers.mjs').Runtime} runtime
 * @property {string} version  of the peer
 * @property {Runner | undefined} runner  undefined until it is needed, and once it has died
 * @property {string | undefined} unable  why it measures nothing at all
 * @property {Map<string, Result>} results  by scenario
 *
 * @typedef {object} Effort
 * @property {number} warmUp     milliseconds
 * @property {number} slice      milliseconds
 * @property {number} rounds     at least
 * @property {number} mostRounds until stable, or so many
 * @property {number} processes  rounds of what takes a process of its own each time
 * @property {number} budget     ms of one entrant in one scenario: the round that ends it is the last
 */

/** @type {Record<'quick' | 'thorough', Effort>} */
export const EFFORTS = {
  quick: { warmUp: 40, slice: 40, rounds: 3, mostRounds: 3, processes: 3, budget: 300 },
  thorough: { warmUp: 500, slice: 150, rounds: 4, mostRounds: 8, processes: 10, budget: 3000 },
}

/** What is measured in a new process each time: a first result, and what leaves much behind. */
const APART = new Set(['first', 'memory', 'sequence', 'live'])
/** Rounds of those that open many contexts: they take long, and no warm-up goes before them. */
const FEW = 3

/** @param {Entrant} entrant @returns {Runner} */
const start = ({ name, runtime, peer }) => new Runner(name, runtime, peer.flags?.[runtime])

/** @param {Entrant} entrant */
async function stop(entrant) {
  await entrant.runner?.close()
  entrant.runner = undefined
}

/** @param {Entrant[]} entrants */
export async function stopAll(entrants) {
  await Promise.all(entrants.map(stop))
}

/**
 * Starts each entrant once. One that does not start is unable from now on.
 *
 * @param {Entrant[]} entrants
 * @returns {Promise<Record<string, string>>} the version of each runtime
 */
export async function callRoll(entrants) {
  /** @type {Record<string, string>} */
  const versions = {}
  for (const entrant of entrants) {
    if (entrant.unable !== undefined) continue
    entrant.runner = start(entrant)
    try {
      versions[entrant.runtime] = await entrant.runner.version()
    } catch (error) {
      entrant.unable = /** @type {Error} */ (error).message
      await stop(entrant)
    }
  }
  return versions
}

/**
 * Why this entrant has nothing to do in this scenario.
 *
 * @param {Entrant} entrant
 * @param {Scenario} scenario
 */
function excuseOf({ peer, unable }, { kind, options }) {
  if (unable !== undefined) return unable
  if (options !== undefined && !peer.ours) return 'an option of ours'
  const lack = peer.lacks?.[kind]
  return lack === undefined ? undefined : `not offered: ${lack}`
}

/**
 * One slice of one entrant.
 *
 * @param {Entrant} entrant
 * @param {Scenario} scenario
 * @param {number} milliseconds
 * @returns {Promise<Result>} one round of samples, or what went wrong
 */
async function slice(entrant, scenario, milliseconds) {
  const isApart = APART.has(scenario.kind)
  if (isApart) await stop(entrant)
  entrant.runner ??= start(entrant)
  try {
    const samples = await entrant.runner.measure(scenario.name, milliseconds)
    if (isApart) await stop(entrant)
    return [samples]
  } catch (error) {
    await stop(entrant)
    return `failed: ${/** @type {Error} */ (error).message}`
  }
}

/** @param {Effort} effort @param {Scenario} scenario */
function roundsOf({ rounds, mostRounds, processes, warmUp, budget }, { kind }) {
  if (!APART.has(kind)) return { least: rounds, most: mostRounds, warmUp, budget }
  if (kind === 'first') return { least: processes, most: processes, warmUp: 0, budget: Infinity }
  return { least: FEW, most: FEW, warmUp: 0, budget }
}

/**
 * All rounds of one scenario. They go on until the medians of every entrant's rounds lie close
 * together; an entrant whose medians do, or whose budget is used up, rests.
 *
 * @param {Entrant[]} entrants
 * @param {Scenario} scenario
 * @param {Effort} effort
 */
export async function measureScenario(entrants, scenario, effort) {
  const { least, most, warmUp, budget } = roundsOf(effort, scenario)
  const used = new Map(entrants.map((entrant) => [entrant, 0]))
  const turn = async (/** @type {Entrant} */ entrant, /** @type {number} */ milliseconds) => {
    const begin = performance.now()
    const result = await slice(entrant, scenario, milliseconds)
    used.set(entrant, (used.get(entrant) ?? 0) + performance.now() - begin)
    return result
  }
  for (const entrant of entrants) {
    /** @type {Result} */
    let before = excuseOf(entrant, scenario) ?? []
    if (before.length === 0 && warmUp > 0) {
      const warm = await turn(entrant, warmUp)
      if (typeof warm === 'string') before = warm
    }
    entrant.results.set(scenario.name, before)
  }
  for (let round = 0; round < most; round += 1) {
    for (const entrant of entrants) {
      const before = /** @type {Result} */ (entrant.results.get(scenario.name))
      if (typeof before === 'string') continue
      if (round > 0 && (used.get(entrant) ?? 0) > budget) continue
      if (round >= least && spreadOf(before) <= STABLE_SPREAD) continue
      const now = await turn(entrant, effort.slice)
      entrant.results.set(scenario.name, typeof now === 'string' ? now : [...before, ...now])
    }
  }
}
