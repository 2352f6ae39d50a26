/** The command line of the bench: one table, from which parsing and --help are made. */

import { peers } from './peers/peers.mjs'
import { runtimes } from './runner.mjs'
import { scenarios } from './scenarios.mjs'

/**
 * @typedef {object} Options
 * @property {boolean} quick
 * @property {boolean} native
 * @property {boolean} help
 * @property {string[]} peer
 * @property {string[]} runtime
 * @property {string[]} only
 */

const FLAGS = {
  '--quick': { key: 'quick', help: 'fewer and shorter rounds: under two minutes' },
  '--peer': { key: 'peer', values: Object.keys(peers), help: 'measure only this one; may repeat' },
  '--runtime': { key: 'runtime', values: runtimes, help: 'only in this one; may repeat' },
  '--only': {
    key: 'only',
    values: scenarios.map(({ name }) => name),
    help: 'this scenario alone; may repeat',
  },
  '--native': {
    key: 'native',
    help: 'the parts below JavaScript too, where not everything is measured',
  },
  '--help': { key: 'help', help: 'this text' },
}

/**
 * @param {string[]} words
 * @returns {Options}
 * @throws {Error} that names the word which is wrong, and what was expected
 */
export function parseOptions(words) {
  /** @type {any} */
  const options = { quick: false, native: false, help: false, peer: [], runtime: [], only: [] }
  for (let at = 0; at < words.length; at += 1) {
    const word = /** @type {string} */ (words[at])
    const flag = /** @type {any} */ (FLAGS)[word]
    if (flag === undefined) {
      throw new Error(`unknown option ${word}; expected one of ${Object.keys(FLAGS).join(', ')}`)
    }
    if (flag.values === undefined) {
      options[flag.key] = true
      continue
    }
    at += 1
    if (!flag.values.includes(words[at])) {
      throw new Error(
        `${word} expects one of ${flag.values.join(', ')}, not ${words[at] ?? 'nothing'}`,
      )
    }
    options[flag.key].push(words[at])
  }
  return options
}

export function helpText() {
  const lines = Object.entries(FLAGS).map(([flag, entry]) => {
    const values = 'values' in entry ? `\n${' '.repeat(14)}${entry.values.join(', ')}` : ''
    return `  ${flag.padEnd(11)} ${entry.help}${values}`
  })
  return [
    'Usage: script/bench [options]',
    '',
    'Measures Hutch beside its peers, in turn, in Bun, Node.js and Deno. Prints a Markdown table,',
    'and leaves it in build/bench/results.md, with all figures in build/bench/results.json.',
    '',
    ...lines,
  ].join('\n')
}
