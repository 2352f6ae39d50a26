/** How much memory this process and its descendants have, every page counted once. */

import { readFileSync } from 'node:fs'
import { collectGarbage, descendantsOf } from '../tests/soak/usage.mjs'

/** For runtimes to give back what they collected, in milliseconds. */
const PATIENCE = 100

/**
 * Proportional set sizes: memory that several processes share is divided among
 * them, so that the sum counts every page once. What the kernel keeps for a
 * process, page tables above all, is not in it.
 *
 * @returns {Promise<{ host: number, workers: number }>} KiB, after a garbage collection
 * @throws {Error} where the kernel does not tell
 */
export async function footprint() {
  await collectGarbage()
  await new Promise((resolve) => setTimeout(resolve, PATIENCE))
  const workers = descendantsOf(process.pid).map(proportionalOf)
  return {
    host: proportionalOf(process.pid),
    workers: workers.reduce((sum, size) => sum + size, 0),
  }
}

/** @param {number} pid @returns {number} KiB, 0 when the process has gone */
function proportionalOf(pid) {
  let text
  try {
    text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EACCES') {
      throw new Error(`may not read the memory of process ${pid}; run the bench as root`)
    }
    return 0
  }
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0)
}
