/**
 * One peer in one runtime, a process of its own, told what to measure by lines
 * of JSON on standard input; see runner.mjs for the other side. A request is
 * { id, scenario, milliseconds }, or { id } to load the peer and be told the
 * version of the runtime; the answer is { id, result } or { id, error }.
 */

import { createInterface } from 'node:readline'
import { measure, taskOf } from './measure.mjs'
import { importPeer } from './peers/peers.mjs'
import { scenarios } from './scenarios.mjs'

const LONGEST_MESSAGE = 300

const peer = await importPeer(process.argv[2] ?? '')
/** By the options of the driver, as JSON. */
const sandboxes = /** @type {Map<string, import('./peers/peers.mjs').Sandbox>} */ (new Map())

/** @param {object} options */
async function sandboxWith(options) {
  const key = JSON.stringify(options)
  const sandbox = sandboxes.get(key) ?? (await peer.load(options))
  sandboxes.set(key, sandbox)
  return sandbox
}

/** @param {any} request @returns {Promise<unknown>} */
async function answer({ scenario: name, milliseconds }) {
  if (name === undefined) {
    await sandboxWith({})
    const { versions } = /** @type {any} */ (process)
    return versions.bun ?? versions.deno ?? versions.node
  }
  const scenario = scenarios.find((each) => each.name === name)
  if (scenario === undefined) throw new Error(`unknown scenario ${name}`)
  return measure(taskOf(await sandboxWith(scenario.options ?? {}), scenario), milliseconds)
}

/** One line of what was thrown. @param {unknown} error */
function messageOf(error) {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/\s+/g, ' ').slice(0, LONGEST_MESSAGE)
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, ...request } = JSON.parse(line)
  /** @type {unknown} */
  let reply
  try {
    reply = { id, result: await answer(request) }
  } catch (error) {
    reply = { id, error: messageOf(error) }
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}
