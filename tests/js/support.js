// What the suites share: drivers, small tools, child processes of the same runtime.
// @ts-check
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { createIsolateDriver, createQuickJSBunIsolateDriver } from '@hutch/isolate/tanstack'

/** @typedef {import('@tanstack/ai-code-mode').IsolateContext} IsolateContext */
/** @typedef {import('@tanstack/ai-code-mode').ExecutionResult<any>} ExecutionResult */
/** @typedef {import('@tanstack/ai-code-mode').ToolBinding} ToolBinding */

/** Both drivers, for what they have in common: [name, factory]. */
export const DRIVERS = /** @type {const} */ ([
  ['createIsolateDriver', createIsolateDriver],
  ['createQuickJSBunIsolateDriver', createQuickJSBunIsolateDriver],
])

/**
 * Bindings as TanStack AI makes them, from functions.
 *
 * @param {Record<string, (input: any) => any>} functions
 * @returns {Record<string, ToolBinding>}
 */
export function bind(functions) {
  const entries = Object.entries(functions).map(([name, execute]) => {
    return [name, { name, description: name, inputSchema: {}, execute }]
  })
  return Object.fromEntries(entries)
}

/**
 * Run `use` with a fresh context, which is disposed afterwards.
 *
 * @template T
 * @param {{ bindings?: Record<string, (input: any) => any>, timeout?: number,
 *   memoryLimit?: number, driver?: import('@tanstack/ai-code-mode').IsolateDriver }} config
 * @param {(context: IsolateContext) => Promise<T>} use
 */
export async function withContext(config, use) {
  const { driver = createIsolateDriver(), bindings = {}, ...rest } = config
  const context = await driver.createContext({ bindings: bind(bindings), ...rest })
  try {
    return await use(context)
  } finally {
    await context.dispose()
  }
}

/**
 * The value of a program in a fresh context, which must succeed.
 *
 * @param {string} code
 * @param {Parameters<typeof withContext>[0]} [config]
 */
export async function evaluate(code, config = {}) {
  return withContext(config, async (context) => success(await context.execute(code)))
}

/**
 * The error of a program in a fresh context, which must fail.
 *
 * @param {string} code
 * @param {Parameters<typeof withContext>[0]} [config]
 */
export async function errorOf(code, config = {}) {
  return withContext(config, async (context) => failure(await context.execute(code)))
}

/** @param {ExecutionResult} result */
export function success(result) {
  assert.equal(result.success, true, `the program failed: ${JSON.stringify(result.error)}`)
  assert.ok(Array.isArray(result.logs), 'logs is an array')
  return result.value
}

/** @param {ExecutionResult} result */
export function failure(result) {
  assert.equal(result.success, false, `the program gave ${JSON.stringify(result.value)}`)
  assert.ok(Array.isArray(result.logs), 'logs is an array')
  assert.ok(result.error !== undefined)
  return result.error
}

const DENO = 'Deno' in globalThis

/**
 * Run a file of fixtures/ in a new process of the same runtime.
 *
 * @param {string} name
 * @param {string[]} parameters
 */
export function spawnFixture(name, ...parameters) {
  const file = fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url))
  const flags = DENO ? ['run', '-A', '--no-check', file] : [file]
  const child = spawn(process.execPath, [...flags, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text) => {
    output += text
  })
  const ended = new Promise((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal, output }))
  })
  return {
    child,
    /** @type {Promise<{ status: number | null, signal: string | null, output: string }>} */
    ended,
    /** The first line that the process writes, as JSON. */
    async firstLine() {
      await until('the fixture has written a line', () => output.includes('\n'))
      return JSON.parse(output.slice(0, output.indexOf('\n')))
    },
  }
}

/** Milliseconds that a process which does nothing takes on a fast machine at rest; rounded up. */
const FAST_PROCESS = 3

/**
 * How many times as slow this machine is now: HUTCH_TEST_SLOW, a whole number from 1 to 1000, or else
 * measured by what slow machines are slow at, processes. As tests/support/patience.h in C.
 */
const SLOW = (() => {
  const { HUTCH_TEST_SLOW: said = '' } = process.env
  if (said !== '') {
    assert.match(said, /^([1-9]\d{0,2}|1000)$/, 'HUTCH_TEST_SLOW is a whole number from 1 to 1000')
    return Number(said)
  }
  const rounds = 5
  const begin = performance.now()
  for (let i = 0; i < rounds; i++) {
    spawnSync('/bin/true')
  }
  const times = Math.trunc((performance.now() - begin) / (rounds * FAST_PROCESS))
  return Math.min(Math.max(times, 1), 1000)
})()

/**
 * Milliseconds that are ample on a fast machine at rest, made ample here.
 *
 * @param {number} milliseconds
 */
export function ample(milliseconds) {
  return milliseconds * SLOW
}

/**
 * Wait for a condition; a minute of a fast machine is for ever.
 *
 * @param {string} what
 * @param {() => boolean} condition
 * @param {() => void} [meanwhile]  done after each look in vain
 */
export async function until(what, condition, meanwhile = () => {}) {
  for (let i = 0; i < ample(6000); i++) {
    if (condition()) {
      return
    }
    meanwhile()
    await sleep(10)
  }
  assert.fail(`never: ${what}`)
}

/** A promise, and what resolves it. */
export function pending() {
  /** @type {(value?: any) => void} */
  let resolve = () => {}
  /** @type {Promise<any>} */
  const promise = new Promise((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}

/**
 * The process id of a context's worker, which is known only once the zygote has told it.
 *
 * @param {import('@hutch/isolate').Context} context
 */
export async function pidOf(context) {
  await until('the pid of the worker is known', () => context.pid !== 0)
  return context.pid
}

/**
 * Whether a process runs; one that has ended and waits to be reaped does not.
 *
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !'ZX'.includes(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? 'X')
  } catch {
    return false
  }
}

/**
 * The parent of a process; 0 when there is no such process.
 *
 * @param {number} pid
 */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}

/** The workers of all pools of this process: children of its children. */
export function ownWorkers() {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
  return pids.filter((pid) => parentOf(parentOf(pid)) === process.pid && isAlive(pid))
}

/** What this process holds: processes beneath it, threads of ours (a runtime has more or less of
 *  its own), and descriptors. */
export function held() {
  const parents = new Map()
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name) && isAlive(Number(name))) {
      parents.set(Number(name), parentOf(Number(name)))
    }
  }
  const isBeneath = (/** @type {number | undefined} */ pid) => {
    let at = pid
    while (at !== undefined && at !== process.pid) {
      at = parents.get(at)
    }
    return at === process.pid
  }
  const beneath = [...parents.values()].filter(isBeneath).length
  const threads = readdirSync('/proc/self/task').filter(isOurs).length
  return [beneath, threads, readdirSync('/proc/self/fd').length]
}

/** @param {string} thread */
function isOurs(thread) {
  try {
    return readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').startsWith('hutch')
  } catch {
    return false
  }
}

export { sleep }
