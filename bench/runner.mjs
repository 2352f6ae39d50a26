/** A child process that measures one peer in one runtime; see child.mjs. */

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** @typedef {import('./peers/peers.mjs').Runtime} Runtime */

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url))
/** The runtimes of the lock file, whatever else is on the PATH. */
const PROGRAMS = fileURLToPath(new URL('../node_modules/.bin', import.meta.url))
const LAST_WORDS = 4000
/** Beyond what was asked for. A peer that hangs must not keep the others from being measured. */
const PATIENCE_MILLISECONDS = 120_000

/** How each runtime is started: before the flags of the peer, and the file. */
const COMMANDS = {
  bun: ['bun'],
  node: ['node', '--disable-warning=ExperimentalWarning'],
  deno: ['deno', 'run', '--allow-all', '--quiet'],
}

export const runtimes = /** @type {Runtime[]} */ (Object.keys(COMMANDS))

export class Runner {
  #process
  #pending = new Map()
  #nextId = 1
  #lastWords = ''

  /** @param {string} peer @param {Runtime} runtime @param {string[]} [flags] */
  constructor(peer, runtime, flags = []) {
    const [program, ...args] = COMMANDS[runtime]
    this.#process = spawn(/** @type {string} */ (program), [...args, ...flags, CHILD, peer], {
      env: { ...process.env, PATH: `${PROGRAMS}:${process.env.PATH}`, NO_COLOR: '1' },
    })
    this.#process.stderr.on('data', (chunk) => {
      this.#lastWords = (this.#lastWords + chunk).slice(-LAST_WORDS)
    })
    this.#process.stdin.on('error', () => {})
    this.#process.on('error', (error) => this.#fail(error))
    this.#process.on('close', (code, signal) => this.#fail(this.#died(code, signal)))
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#hear(line))
  }

  /** @returns {Promise<string>} the version of the runtime, once the peer is loaded */
  version() {
    return this.#ask({})
  }

  /**
   * @param {string} scenario
   * @param {number} milliseconds
   * @returns {Promise<number[]>} samples; rejects when the child says so, dies or hangs
   */
  measure(scenario, milliseconds) {
    return this.#ask({ scenario, milliseconds })
  }

  /** @param {{ scenario?: string, milliseconds?: number }} request @returns {Promise<any>} */
  async #ask(request) {
    const id = this.#nextId++
    const limit = PATIENCE_MILLISECONDS + (request.milliseconds ?? 0)
    const late = setTimeout(() => {
      this.#fail(new Error(`no answer in ${Math.round(limit / 1000)} s`))
      this.#process.kill('SIGKILL')
    }, limit)
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject })
        this.#process.stdin.write(`${JSON.stringify({ id, ...request })}\n`)
      })
    } finally {
      clearTimeout(late)
    }
  }

  /** Ends the child. */
  async close() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const closed = new Promise((resolve) => this.#process.once('close', resolve))
    this.#process.stdin.end()
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 2000)
    await closed
    clearTimeout(late)
  }

  /** @param {string} line */
  #hear(line) {
    const { id, result, error } = JSON.parse(line)
    const asked = this.#pending.get(id)
    this.#pending.delete(id)
    if (error === undefined) asked.resolve(result)
    else asked.reject(new Error(error))
  }

  /** @param {Error} error */
  #fail(error) {
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
  }

  /** @param {number | null} code @param {string | null} signal */
  #died(code, signal) {
    const words = this.#lastWords.split('\n').find((line) => /error/i.test(line)) ?? ''
    return new Error(`its process ended with ${signal ?? code} ${words.trim()}`.trim())
  }
}
