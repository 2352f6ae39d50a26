/** The stripper itself, without JavaScript around it: native.c in a process of its own. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(
  new URL('../../build/release/bench/strip/hutch-bench-strip', import.meta.url),
)

export class Native {
  /** @param {'body' | 'module'} goal @param {string[]} files */
  constructor(goal, files) {
    this.process = spawn(PROGRAM, [goal, ...files], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.answers = createInterface(this.process.stdout)[Symbol.asyncIterator]()
  }

  /** @param {number} passes over all files @returns {Promise<number>} nanoseconds of one pass */
  async measure(passes) {
    this.process.stdin.write(`${passes}\n`)
    const { value, done } = await this.answers.next()
    if (done) throw new Error('hutch-bench-strip ended before it answered')
    return Number(value) / passes
  }

  async close() {
    const exit = once(this.process, 'exit')
    this.process.stdin.end()
    await exit
  }
}
