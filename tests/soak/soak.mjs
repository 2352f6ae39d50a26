/**
 * Opens and closes fresh contexts in one process for a long time, and asserts
 * that nothing grows: resident memory of the host and of its largest worker,
 * descriptors, processes. Every program's ending is checked on the way.
 *
 * The first rounds are warm-up. What is held after each later round, with no
 * context open, is compared: the median of the last quarter of the rounds may
 * exceed that of the first quarter by the tolerances below, no more.
 *
 * Ends with 1 when something grew or a program ended otherwise than it must,
 * and with 2 when the command line is wrong.
 */

import { createIsolateDriver } from '@hutch/isolate/tanstack'
import { bindings, guestOf } from './guests.mjs'
import { collectGarbage, usage } from './usage.mjs'

const USAGE = `Usage: soak.mjs [--short] [contexts]

Opens so many fresh contexts in one process (default 100000; --short 3000) and asserts that memory,
descriptors and processes do not grow.`

const CONTEXTS = 100_000
const CONTEXTS_SHORT = 3000
const ROUNDS = 24
const WARM_UP_ROUNDS = 8
/** Contexts open at any moment. */
const LANES = 4

/**
 * What counts as flat. The host's heap breathes: a collector gives memory back
 * when it sees fit. 12 MiB in 80,000 contexts are 150 bytes a context.
 * A worker keeps what two programs in a row have used, up to 8 MiB (KEEP_MOST in src/isolate/isolate.c), and
 * which two meet there is chance.
 */
const TOLERANCE = { host: 12, worker: 9, descriptors: 0, processes: 0 }

class UsageError extends Error {}

/** @typedef {import('./usage.mjs').Usage} Usage */

/** @param {string[]} words @returns {number} how many contexts */
function parse(words) {
  const numbers = words.filter((word) => word !== '--short')
  const count = Number(numbers[0] ?? (words.includes('--short') ? CONTEXTS_SHORT : CONTEXTS))
  if (numbers.length > 1 || !Number.isInteger(count) || count < ROUNDS) {
    throw new UsageError(`expected a number of contexts, at least ${ROUNDS}\n${USAGE}`)
  }
  return count
}

/** @param {ReturnType<typeof createIsolateDriver>} driver @param {number} number */
async function runOne(driver, number) {
  const guest = guestOf(number)
  const { timeout, memoryLimit } = guest
  const context = await driver.createContext({
    bindings,
    ...(timeout === undefined ? {} : { timeout }),
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
  })
  const result = await context.execute(guest.code)
  await context.dispose()
  if (!guest.isRight(result)) {
    throw new Error(`context ${number}, "${guest.name}", ended with ${JSON.stringify(result)}`)
  }
}

/** Runs contexts `from` to `to`, several at a time. */
async function runRound(
  /** @type {ReturnType<typeof createIsolateDriver>} */ driver,
  /** @type {number} */ from,
  /** @type {number} */ to,
) {
  let next = from
  const lane = async () => {
    while (next < to) {
      const number = next
      next += 1
      await runOne(driver, number)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

/** @param {number[]} values @returns {number} */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return /** @type {number} */ (sorted[Math.floor(sorted.length / 2)])
}

/** @param {Usage[]} samples of the rounds after warm-up @returns {string[]} what grew */
function growth(samples) {
  const quarter = Math.ceil(samples.length / 4)
  const keys = /** @type {(keyof Usage)[]} */ (Object.keys(TOLERANCE))
  return keys.flatMap((key) => {
    const values = samples.map((sample) => sample[key])
    const [first, last] = [median(values.slice(0, quarter)), median(values.slice(-quarter))]
    const grew = last - first
    return grew > TOLERANCE[key]
      ? [`${key}: from ${first.toFixed(1)} to ${last.toFixed(1)}, more than ${TOLERANCE[key]}`]
      : []
  })
}

/** @param {string[]} words @returns {Promise<number>} the exit code */
async function main(words) {
  if (words.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const count = parse(words)
  const driver = createIsolateDriver()
  const samples = []
  const begin = performance.now()
  for (let round = 0; round < ROUNDS; round += 1) {
    const to = Math.floor((count * (round + 1)) / ROUNDS)
    await runRound(driver, Math.floor((count * round) / ROUNDS), to)
    await collectGarbage()
    const held = usage()
    if (round >= WARM_UP_ROUNDS) samples.push(held)
    console.log(
      `${String(to).padStart(8)} contexts: host ${held.host.toFixed(1)} MiB, ` +
        `largest worker ${held.worker.toFixed(1)} MiB, ${held.processes} processes, ` +
        `${held.descriptors} descriptors`,
    )
  }
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  const grown = growth(samples)
  for (const line of grown) console.error(`grew: ${line}`)
  console.log(`${grown.length === 0 ? 'flat' : 'NOT flat'}: ${count} contexts in ${seconds} s`)
  return grown.length === 0 ? 0 : 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`soak: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
