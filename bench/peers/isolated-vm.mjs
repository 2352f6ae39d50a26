/**
 * V8 isolates in the host's process, used as well as their users can: one
 * isolate a context, values copied without JSON, tools as promises, nothing
 * that blocks a thread of the host.
 */

import { LIMITS } from './peers.mjs'

const TOOL = `globalThis[$0] = (input) =>
  $1.apply(undefined, [input], { arguments: { copy: true }, result: { promise: true, copy: true } })`

/** @type {import('./peers.mjs').Peer} */
export const peer = {
  title: 'isolated-vm',
  package: 'isolated-vm',
  kind: 'V8 isolate in the host',
  runtimes: ['node'],
  flags: { node: ['--no-node-snapshot'] },
  async load() {
    const { default: ivm } = await import('isolated-vm')
    return {
      async open(tools) {
        const isolate = new ivm.Isolate({ memoryLimit: LIMITS.memoryBytes / 2 ** 20 })
        const context = await isolate.createContext()
        await Promise.all(
          Object.entries(tools).map(([name, tool]) =>
            context.evalClosure(TOOL, [name, new ivm.Reference(tool)]),
          ),
        )
        return {
          async run({ code }) {
            const script = await isolate.compileScript(`(async () => {\n${code}\n})()`)
            const timeout = LIMITS.milliseconds
            return script.run(context, { promise: true, copy: true, timeout })
          },
          close: () => isolate.dispose(),
        }
      },
    }
  },
}
