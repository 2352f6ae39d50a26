/**
 * Runs that are killed, stopped, aborted, closed, timed out or left alone, while
 * the host's thread is busy at random moments. Every one of them must end, and
 * end rightly.
 *
 * There is no timer in this program. So nothing turns the event loop but the
 * pools: a run whose end nobody is told of does not end, and the program says
 * no more. script/storm, which runs it, notices that.
 *
 * Rounds have few lanes or many: with one, not even another run's news comes to
 * the rescue. A line is written after each round, and at the end one that
 * counts the outcomes. Ends with 1 when a run ended otherwise than it may, and
 * with 2 when the command line is wrong.
 */

import { setImmediate } from 'node:timers'

import { createPool, RunError } from '@hutch/isolate'

import { draw, SCENARIOS } from './scenarios.mjs'

const USAGE = `Usage: storm.mjs --minutes N | --runs N

Storms for so many minutes, or so many runs.`

/** Contexts that are used at a time, round by round. */
const LANES = [1, 8, 1, 3, 24]
/** In each lane of a round. */
const RUNS_A_LANE = 12

/** @param {string[]} words */
function parse(words) {
  const [option, value] = words
  const number = Number(value)
  const known = option === '--minutes' || option === '--runs'
  if (words.length !== 2 || !known || !(number > 0)) {
    process.stderr.write(`${USAGE}\n`)
    process.exit(2)
  }
  return option === '--minutes'
    ? { minutes: number, runs: Infinity }
    : { minutes: Infinity, runs: number }
}

/** @type {Record<string, number>} */
const tally = {}
let runs = 0

/** What has become of a run, as a word: how it failed, or "right". @param {Promise<unknown>} run
 *  @param {unknown} expected @param {unknown} reason of a signal that may have aborted it */
async function outcomeOf(run, expected, reason) {
  try {
    const value = await run
    return JSON.stringify(value) === JSON.stringify(expected)
      ? 'right'
      : `wrong: ${JSON.stringify(value)}`
  } catch (error) {
    if (error === reason) {
      return 'aborted'
    }
    return error instanceof RunError ? error.failure : `wrong: ${String(error)}`
  }
}

/** @param {ReturnType<typeof createPool>} pool */
async function runOne(pool) {
  const scenario = draw(SCENARIOS)
  const reason = new Error('aborted')
  const { run, expected, context } = scenario.begin(pool, reason)
  const outcome = await outcomeOf(run, expected, reason)
  if (!scenario.endings.includes(outcome)) {
    throw new Error(`${scenario.name}: a run ended with ${outcome}`)
  }
  // A context that a run has left usable is as good as a new one. What was to happen to the first may
  // happen to the second.
  if (!context.closed && outcome !== 'right') {
    const second = await outcomeOf(context.run('return 6 * 7', { timeout: 60_000 }), 42, reason)
    if (second === 'timeout' || !['right', ...scenario.endings].includes(second)) {
      throw new Error(`${scenario.name}: after ${outcome} a second run ended with ${second}`)
    }
  }
  context.close()
  const key = `${scenario.name}: ${outcome}`
  tally[key] = (tally[key] ?? 0) + 1
  runs++
}

/** @param {ReturnType<typeof createPool>} pool @param {number} lanes */
async function runRound(pool, lanes) {
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let i = 0; i < RUNS_A_LANE; i++) {
        await runOne(pool)
      }
    }),
  )
}

const limit = parse(process.argv.slice(2))
const end = performance.now() + limit.minutes * 60_000
for (let round = 0; runs < limit.runs && performance.now() < end; round++) {
  const pool = createPool({ spare: round % 3 })
  await runRound(pool, /** @type {number} */ (LANES[round % LANES.length]))
  pool.close()
  process.stdout.write(`${runs} runs have ended\n`)
  await new Promise((resolve) => setImmediate(resolve))
}
process.stdout.write(`${JSON.stringify({ runs, ...tally }, undefined, 1)}\n`)
