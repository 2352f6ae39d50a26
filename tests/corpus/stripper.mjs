/** What is put to the test: Hutch's stripper, run by batch.c over many files at a time. */

import { execFileSync } from 'node:child_process'

/**
 * @typedef {object} Problem
 * @property {string} message
 * @property {number} line
 * @property {number} column
 * @property {number} offset  bytes
 * @property {number} extent  bytes
 *
 * @typedef {object} Stripped
 * @property {string} [text]      the JavaScript
 * @property {Problem} [problem]  why there is none
 */

const LINE_BREAK = 10

/** Takes records apart; batch.c says what they look like. */
class Records {
  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.bytes = bytes
    this.at = 0
  }

  /** @returns {{ kind: string, numbers: number[], body: string }} */
  next() {
    const end = this.bytes.indexOf(LINE_BREAK, this.at)
    if (end < 0) throw new Error('hutch-strip-batch gave fewer records than it got paths')
    const [kind = '', length = '0', ...rest] = this.bytes
      .toString('latin1', this.at, end)
      .split(' ')
    const begin = end + 1
    this.at = begin + Number(length) + 1
    const body = this.bytes.toString('utf8', begin, this.at - 1)
    return { kind, numbers: rest.map(Number), body }
  }
}

/** @param {ReturnType<Records['next']>} record @param {string} source @returns {Stripped} */
function readRecord({ kind, numbers, body }, source) {
  if (kind === 'same') return { text: source }
  if (kind === 'text') return { text: body }
  if (kind !== 'problem') throw new Error(`hutch-strip-batch failed: ${body}`)
  const [line = 0, column = 0, offset = 0, extent = 0] = numbers
  return { problem: { message: body, line, column, offset, extent } }
}

/**
 * @param {string} program  path of hutch-strip-batch
 * @param {{ path: string, text: string }[]} files
 * @returns {Stripped[]} in the order of the files
 * @throws {Error} when the program dies
 */
export function stripFiles(program, files) {
  const output = execFileSync(program, {
    input: files.map(({ path }) => `${path}\n`).join(''),
    maxBuffer: 2 ** 30,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const records = new Records(output)
  return files.map(({ text }) => readRecord(records.next(), text))
}
