/**
 * Monty: an interpreter of Python in the host's process, given the programs'
 * translations. A context is one program: parsed, run and dropped.
 */

import { LIMITS } from './peers.mjs'

/** A dictionary is a Map here. @param {(input: any) => Promise<unknown>} tool */
const fromDictionary = (tool) => (/** @type {any} */ input) => tool(Object.fromEntries(input))

/** @type {import('./peers.mjs').Peer} */
export const peer = {
  title: 'Monty (Python)',
  package: '@pydantic/monty',
  kind: 'interpreter in the host, Python',
  runtimes: ['node', 'bun', 'deno'],
  note: 'its own language: the programs are translated to Python. Its JavaScript binding makes one call at a time, so parallel calls follow one another',
  lacks: {
    reused: 'a program has no context to come back to; its REPL takes no tools',
    memory: 'no context outlives its program',
    live: 'no context outlives its program',
  },
  async load() {
    const { Monty, runMontyAsync } = await import('@pydantic/monty')
    const limits = {
      maxMemory: LIMITS.memoryBytes,
      maxDurationSecs: LIMITS.milliseconds / 1000,
    }
    return {
      async open(tools) {
        const externalFunctions = Object.fromEntries(
          Object.entries(tools).map(([name, tool]) => [name, fromDictionary(tool)]),
        )
        return {
          run: ({ python }) => runMontyAsync(new Monty(python), { externalFunctions, limits }),
          close: () => {},
        }
      },
    }
  },
}
