/**
 * Vercel's `run`: QuickJS as WebAssembly in a worker thread out of its pool,
 * a new context for each run. Its limits are raised to what the scenarios need.
 * It refuses runs that find no free thread, so its users have to queue them.
 */

import { availableParallelism } from 'node:os'
import { LIMITS } from './peers.mjs'

const LARGE = 256 * 1024 * 1024

/** Its tools are in a group, which is a global. Ours are globals themselves. */
const prelude = (/** @type {string[]} */ names) => `const { ${names.join(', ')} } = tools\n`

/** Two runs at once for each core did most a second. */
const AT_ONCE = 2 * availableParallelism()

/** At most so many at a time, the others in their order. @param {number} count */
function queueOf(count) {
  let free = count
  const waiting = /** @type {(() => void)[]} */ ([])
  return async (/** @type {() => Promise<any>} */ action) => {
    if (free > 0) free -= 1
    else await new Promise((resolve) => waiting.push(() => resolve(undefined)))
    try {
      return await action()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

/** @type {import('./peers.mjs').Peer} */
export const peer = {
  title: 'run',
  package: 'run',
  kind: 'WebAssembly in a thread',
  runtimes: ['bun', 'node'],
  lacks: {
    reused: 'each run has a new context',
    memory: 'no context outlives its run',
    live: 'no context outlives its run',
  },
  async load() {
    const { createRunner } = await import('run')
    const queued = queueOf(AT_ONCE)
    const runner = createRunner({
      limits: {
        timeoutMs: LIMITS.milliseconds,
        memoryLimitBytes: LIMITS.memoryBytes,
        maxStackSizeBytes: LIMITS.stackBytes,
        maxResultBytes: LARGE,
        maxHostFunctionArgumentsBytes: LARGE,
        maxHostFunctionOutputBytes: LARGE,
        maxContinuationBytes: LARGE,
        maxBridgeRequests: 10_000,
        maxInFlightBridgeRequests: 1000,
      },
    })
    return {
      async open(tools) {
        const head = prelude(Object.keys(tools))
        return {
          async run({ code }) {
            const result = await queued(() =>
              runner.run({ source: head + code, hostFunctions: { tools } }),
            )
            if (result.status !== 'completed') throw new Error(`the run is ${result.status}`)
            return result.value
          },
          close: () => {},
        }
      },
    }
  },
}
