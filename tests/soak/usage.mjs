/** What this process and its descendants hold, as Linux counts it. */

import { readdirSync, readFileSync } from 'node:fs'

const PAGE = 4096
const MEBIBYTE = 1024 * 1024

/**
 * @typedef {object} Usage
 * @property {number} host         resident memory of this process, MiB, less what the heap of its engine
 *   keeps for later: V8 doubles that now and then, whatever is in it
 * @property {number} worker       resident memory of its largest descendant, MiB
 * @property {number} descriptors  open ones of this process
 * @property {number} processes    its descendants
 */

/** @returns {Usage} */
export function usage() {
  const descendants = descendantsOf(process.pid)
  return {
    host: residentOf(process.pid) - spareHeap(),
    worker: Math.max(0, ...descendants.map(residentOf)),
    descriptors: readdirSync('/proc/self/fd').length,
    processes: descendants.length,
  }
}

/** @returns {number} MiB */
function spareHeap() {
  const { heapTotal, heapUsed } = process.memoryUsage()
  return Math.max(0, heapTotal - heapUsed) / MEBIBYTE
}

/** Asks for a garbage collection, where the runtime lets itself be asked. */
export async function collectGarbage() {
  const bun = /** @type {any} */ (globalThis).Bun
  const collect = bun === undefined ? await exposedCollector() : () => bun.gc(true)
  for (let round = 0; round < 2; round += 1) {
    collect()
    // Finalizers run between turns of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** @returns {Promise<() => void>} */
async function exposedCollector() {
  try {
    const [v8, vm] = await Promise.all([import('node:v8'), import('node:vm')])
    v8.setFlagsFromString('--expose-gc')
    return vm.runInNewContext('gc')
  } catch {
    return () => {}
  }
}

/** @param {number} pid @returns {number} MiB, 0 when the process has gone */
function residentOf(pid) {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]
    return (Number(pages) * PAGE) / MEBIBYTE
  } catch {
    return 0
  }
}

/** @param {number} ancestor @returns {number[]} */
export function descendantsOf(ancestor) {
  const parents = new Map(
    readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map((entry) => [Number(entry), parentOf(entry)]),
  )
  const isBelow = (/** @type {number} */ pid) => {
    let above = parents.get(pid)
    while (above !== undefined && above !== ancestor) above = parents.get(above)
    return above === ancestor
  }
  return [...parents.keys()].filter(isBelow)
}

/** @param {string} pid @returns {number | undefined} undefined when the process has gone */
function parentOf(pid) {
  try {
    // "pid (name) state parent ...": the name may hold anything, brackets too.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}
