/**
 * One peer in one runtime, a process of its own, told what to measure by lines
 * of JSON on standard input; see runner.mjs for the other side. A request is
 * { id, verb, ...arguments }, its answer { id, result } or { id, error }.
 */

import { createInterface } from 'node:readline'
import { importPeer } from './peers/peers.mjs'
import { scenarios, tools } from './scenarios.mjs'

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */

const peer = await importPeer(process.argv[2] ?? '')
const sandbox = await peer.load()

/** @param {string} name @returns {Scenario} */
function scenarioOf(name) {
  return /** @type {Scenario} */ (scenarios.find((scenario) => scenario.name === name))
}

/** @param {Scenario} scenario @param {unknown} value */
function check(scenario, value) {
  if (value !== scenario.expected) {
    throw new Error(`${scenario.name} returned ${value}, expected ${scenario.expected}`)
  }
}

/** @param {Scenario} scenario @returns {Promise<void>} */
async function once(scenario) {
  const context = await sandbox.open(tools)
  check(scenario, await context.run(scenario.code))
  await context.close()
}

/**
 * Repeats one run for so long, at least three times.
 *
 * @param {() => Promise<void>} action
 * @param {number} milliseconds
 * @returns {Promise<number[]>} microseconds of each run
 */
async function repeat(action, milliseconds) {
  const samples = []
  const end = performance.now() + milliseconds
  while (samples.length < 3 || performance.now() < end) {
    const begin = process.hrtime.bigint()
    await action()
    samples.push(Number(process.hrtime.bigint() - begin) / 1000)
  }
  return samples
}

/** @param {{ scenario: string, milliseconds: number }} request */
async function measure({ scenario: name, milliseconds }) {
  const scenario = scenarioOf(name)
  if (scenario.context !== 'reused') return repeat(() => once(scenario), milliseconds)
  const context = await sandbox.open(tools)
  const samples = await repeat(
    async () => check(scenario, await context.run(scenario.code)),
    milliseconds,
  )
  await context.close()
  return samples
}

/** To be the first request of its process. @param {{ scenario: string }} request */
async function first({ scenario }) {
  const [sample] = await repeat(() => once(scenarioOf(scenario)), 0)
  return sample
}

/** @param {any} request @returns {Promise<unknown>} */
async function answer(request) {
  const { versions } = /** @type {any} */ (process)
  switch (request.verb) {
    case 'describe':
      return { runtime: versions.bun ?? versions.deno ?? versions.node }
    case 'measure':
      return measure(request)
    case 'first':
      return first(request)
    default:
      throw new Error(`unknown verb ${request.verb}`)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  /** @type {unknown} */
  let reply
  try {
    reply = { id: request.id, result: await answer(request) }
  } catch (error) {
    reply = { id: request.id, error: error instanceof Error ? error.message : String(error) }
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}
