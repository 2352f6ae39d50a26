/**
 * The insecure baseline: a worker thread of the runtime itself for each
 * context, with the whole of node: in reach of the guest. Values cross by
 * structured clone, tools by messages.
 */

import { SHARE_ENV, Worker } from 'node:worker_threads'

/** What the thread runs: programs out, calls and results back. */
const GUEST = `
const { parentPort, workerData } = require('node:worker_threads')
const AsyncFunction = (async () => {}).constructor
const open = new Map()
let last = 0
const tools = workerData.map((name) => (input = {}) => new Promise((resolve, reject) => {
  open.set(++last, { resolve, reject })
  parentPort.postMessage({ call: last, name, input })
}))
parentPort.on('message', async ({ code, call, value, error }) => {
  if (code === undefined) {
    const { resolve, reject } = open.get(call)
    open.delete(call)
    return error === undefined ? resolve(value) : reject(new Error(error))
  }
  try {
    parentPort.postMessage({ value: await new AsyncFunction(...workerData, code)(...tools) })
  } catch (thrown) {
    parentPort.postMessage({ error: String(thrown) })
  }
})`

/** @type {import('./peers.mjs').Peer} */
export const peer = {
  title: 'worker threads (unsafe)',
  package: 'node:worker_threads',
  kind: 'no sandbox at all',
  runtimes: ['bun', 'node', 'deno'],
  note: 'the insecure baseline: the guest may do whatever the host may',
  async load() {
    return {
      async open(tools) {
        const worker = new Worker(GUEST, {
          eval: true,
          env: SHARE_ENV,
          workerData: Object.keys(tools),
        })
        return { run: ({ code }) => run(worker, tools, code), close: () => worker.terminate() }
      },
    }
  },
}

/**
 * @param {Worker} worker
 * @param {import('./peers.mjs').Tools} tools
 * @param {string} code
 * @returns {Promise<unknown>}
 */
function run(worker, tools, code) {
  return new Promise((resolve, reject) => {
    const hear = (/** @type {any} */ { call, name, input, value, error }) => {
      if (call !== undefined) {
        const tool = /** @type {(input: any) => Promise<unknown>} */ (tools[name])
        tool(input).then(
          (result) => worker.postMessage({ call, value: result }),
          (thrown) => worker.postMessage({ call, error: String(thrown) }),
        )
        return
      }
      worker.off('message', hear)
      worker.off('error', reject)
      if (error === undefined) resolve(value)
      else reject(new Error(error))
    }
    worker.on('message', hear)
    worker.on('error', reject)
    worker.postMessage({ code })
  })
}
