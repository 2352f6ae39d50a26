/**
 * The ways to measure, one function a kind of scenario. Each gets the sandbox
 * and says what it measured, in the unit of the scenario: one sample or many.
 * Every value that a guest returns is compared with the expected one.
 */

import os from 'node:os'
import { footprint } from './memory.mjs'
import { tools } from './programs.mjs'

/**
 * @typedef {import('./peers/peers.mjs').Sandbox} Sandbox
 * @typedef {import('./peers/peers.mjs').Context} Context
 * @typedef {import('./scenarios.mjs').Scenario} Scenario
 *
 * @typedef {object} Task
 * @property {Sandbox} sandbox
 * @property {Scenario} scenario
 * @property {import('./peers/peers.mjs').Tools} tools  those of the scenario
 * @property {string} expected                          JSON of what the program returns
 */

/** How long a growing number of contexts may take before it is given up, in milliseconds. */
const PATIENCE = 8000
/** The share of the machine's memory below which no more contexts are opened. */
const MEMORY_FLOOR = 0.3
/** After a burst, in milliseconds: time to fill a stock again. */
const PAUSE = 40

/** @param {Sandbox} sandbox @param {Scenario} scenario @returns {Task} */
export function taskOf(sandbox, scenario) {
  return {
    sandbox,
    scenario,
    tools: Object.fromEntries(scenario.tools.map((name) => [name, tools[name]])),
    expected: JSON.stringify(scenario.program.expected()),
  }
}

/** @param {Task} task @param {number} milliseconds @returns {Promise<number[]>} */
export function measure(task, milliseconds) {
  return KINDS[task.scenario.kind](task, milliseconds)
}

/** @type {Record<Scenario['kind'], (task: Task, milliseconds: number) => Promise<number[]>>} */
const KINDS = { fresh, reused, first, flight, crowd, stall, memory, sequence, live, burst, turn }

/** Microseconds. */
const now = () => performance.now() * 1000

/** @param {Task} task @param {Context} context */
async function run(task, context) {
  check(task, await context.run(task.scenario.program))
}

/** @param {Task} task @param {unknown} value */
function check(task, value) {
  if (JSON.stringify(value) !== task.expected) {
    const got = JSON.stringify(value)?.slice(0, 80)
    throw new Error(`wrong result: ${got} instead of ${task.expected.slice(0, 80)}`)
  }
}

/** Opens, runs, closes. @param {Task} task */
async function once(task) {
  const context = await task.sandbox.open(task.tools)
  await run(task, context)
  await context.close()
}

/** @param {() => Promise<unknown>} action @returns {Promise<number>} microseconds */
async function timed(action) {
  const begin = now()
  await action()
  return now() - begin
}

/**
 * Takes samples for so long; at least one.
 *
 * @param {number} milliseconds
 * @param {() => Promise<number>} sample
 */
async function repeat(milliseconds, sample) {
  const samples = []
  const end = now() + milliseconds * 1000
  do samples.push(await sample())
  while (now() < end)
  return samples
}

/** @param {Task} task @param {number} milliseconds */
function fresh(task, milliseconds) {
  return repeat(milliseconds, () => timed(() => once(task)))
}

/** One sample: what comes after it is no first result. @type {typeof fresh} */
function first(task) {
  return fresh(task, 0)
}

/** @param {Task} task @param {number} milliseconds */
function reused(task, milliseconds) {
  return withContexts(task, 1, ([context]) =>
    repeat(milliseconds, () => timed(() => run(task, /** @type {Context} */ (context)))),
  )
}

/**
 * Fresh contexts in bursts, with a pause after each. A stock that follows the demand has been used
 * by one burst that does not count.
 *
 * @type {typeof fresh}
 */
async function burst(task, milliseconds) {
  const one = async () => {
    const samples = []
    for (let at = 0; at < task.scenario.count; at += 1) samples.push(await timed(() => once(task)))
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
    return samples
  }
  await one()
  const samples = await one()
  const end = now() + milliseconds * 1000
  while (now() < end) samples.push(...(await one()))
  return samples
}

/** Fresh contexts a second, so many of them at any time. @type {typeof fresh} */
async function flight(task, milliseconds) {
  let done = 0
  const begin = now()
  const end = begin + milliseconds * 1000
  const keepGoing = async () => {
    do {
      await once(task)
      done += 1
    } while (now() < end)
  }
  await Promise.all(Array.from({ length: task.scenario.count }, keepGoing))
  return [(done * 1e6) / (now() - begin)]
}

/** How many times as long so many runs at once take as one. @type {typeof fresh} */
function crowd(task, milliseconds) {
  return withContexts(task, task.scenario.count, (contexts) =>
    repeat(milliseconds, async () => {
      const alone = await timed(() => run(task, /** @type {Context} */ (contexts[0])))
      return (await timed(() => Promise.all(contexts.map((each) => run(task, each))))) / alone
    }),
  )
}

/** The longest time without a turn of the loop while the guests run. @type {typeof fresh} */
function stall(task, milliseconds) {
  return withContexts(task, task.scenario.count, (contexts) =>
    repeat(milliseconds, async () => {
      let isRunning = true
      let longest = 0
      let last = now()
      const look = () => {
        const time = now()
        longest = Math.max(longest, time - last)
        last = time
      }
      const turn = () => {
        look()
        if (isRunning) setImmediate(turn)
      }
      setImmediate(turn)
      const values = await Promise.all(contexts.map((each) => each.run(task.scenario.program)))
      // A guest in the host's own thread ends before the loop has turned once.
      look()
      isRunning = false
      await new Promise((resolve) => setImmediate(resolve))
      for (const value of values) check(task, value)
      return longest
    }),
  )
}

/** Most values that JSON.parse makes in one turn of the loop. @type {typeof fresh} */
function turn(task, milliseconds) {
  return withContexts(task, 1, ([context]) =>
    repeat(milliseconds, async () => {
      const { parse } = JSON
      let isRunning = true
      let most = 0
      let now = 0
      JSON.parse = (text, ...rest) => {
        const value = parse(text, ...rest)
        now += valuesIn(value)
        most = Math.max(most, now)
        return value
      }
      const next = () => {
        now = 0
        if (isRunning) setImmediate(next)
      }
      next()
      try {
        check(task, await /** @type {Context} */ (context).run(task.scenario.program))
      } finally {
        isRunning = false
        JSON.parse = parse
      }
      return most
    }),
  )
}

/** @param {unknown} value @returns {number} */
function valuesIn(value) {
  if (typeof value !== 'object' || value === null) return 1
  let count = 1
  for (const item of Object.values(value)) count += valuesIn(item)
  return count
}

/** KiB for each context more: the difference between half of them and all. @type {typeof fresh} */
async function memory(task) {
  const { count, part } = task.scenario
  const held = async () => {
    const { host, workers } = await footprint()
    return part === 'workers' ? workers : host + workers
  }
  return withContexts(task, count / 2, async () => {
    const before = await held()
    return withContexts(task, count / 2, async () => {
      const more = (await held()) - before
      if (more <= 0) throw new Error('the host gave back more than its contexts took')
      return [more / (count / 2)]
    })
  })
}

/** Microseconds a context, one after another. @type {typeof fresh} */
async function sequence(task) {
  const { count } = task.scenario
  const begin = now()
  for (let at = 0; at < count; at += 1) {
    await once(task)
    if (now() - begin > PATIENCE * 1000) {
      throw new Error(`${at + 1} contexts took ${PATIENCE / 1000} s`)
    }
  }
  return [(now() - begin) / count]
}

/** Microseconds a context, all of them staying open. @type {typeof fresh} */
async function live(task) {
  const { count } = task.scenario
  /** @type {Context[]} */
  const contexts = []
  const begin = now()
  try {
    while (contexts.length < count) {
      const context = await task.sandbox.open(task.tools)
      contexts.push(context)
      await run(task, context)
      if (now() - begin > PATIENCE * 1000) {
        throw new Error(`${PATIENCE / 1000} s are over`)
      }
      if (os.freemem() < os.totalmem() * MEMORY_FLOOR) {
        throw new Error('the machine is short of memory')
      }
    }
    return [(now() - begin) / count]
  } catch (error) {
    const { message } = /** @type {Error} */ (error)
    throw new Error(`with ${contexts.length} open: ${message}`)
  } finally {
    await Promise.all(contexts.map((context) => context.close()))
  }
}

/**
 * Does something with open contexts, each of which has run its program once.
 *
 * @template T
 * @param {Task} task
 * @param {number} count
 * @param {(contexts: Context[]) => Promise<T>} action
 * @returns {Promise<T>}
 */
async function withContexts(task, count, action) {
  const contexts = []
  for (let at = 0; at < count; at += 1) contexts.push(await task.sandbox.open(task.tools))
  try {
    await Promise.all(contexts.map((context) => run(task, context)))
    return await action(contexts)
  } finally {
    await Promise.all(contexts.map((context) => context.close()))
  }
}
