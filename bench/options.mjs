/** The command line of the bench: one table, from which parsing and --help are made. */

import { peers } from './peers/peers.mjs'
import { runtimes } from './runner.mjs'
import { scenarios } from './scenarios.mjs'

/**
 * @typedef {object} Options
 * @property {boolean} quick
 * @property {boolean} native
 * @property {boolean} everyRuntime
 * @property {boolean} growth
 * @property {boolean} svg
 * @property {boolean} help
 * @property {string[]} peer
 * @property {string[]} runtime
 * @property {string[]} scenario
 * @property {string | undefined} json
 * @property {string | undefined} from
 *
 * @typedef {object} Flag
 * @property {string} key       of Options
 * @property {string} help
 * @property {string[]} [values]  that it takes one of; it may repeat
 * @property {string} [value]     what it takes, where that is anything
 */

/** @type {Record<string, Flag>} */
const FLAGS = {
  '--quick': {
    key: 'quick',
    help: 'short slices, three rounds, no growing costs: under two minutes',
  },
  '--peer': { key: 'peer', values: Object.keys(peers), help: 'only this one; may repeat' },
  '--runtime': {
    key: 'runtime',
    values: runtimes,
    help: 'only in this one, peers too; may repeat',
  },
  '--scenario': {
    key: 'scenario',
    values: scenarios.map(({ name }) => name),
    help: 'only this one; may repeat',
  },
  '--every-runtime': {
    key: 'everyRuntime',
    help: 'peers too in each runtime they work in, not only in their best one',
  },
  '--growth': { key: 'growth', help: 'the growing costs even with --quick' },
  '--native': { key: 'native', help: 'the parts below JavaScript even when something is chosen' },
  '--json': {
    key: 'json',
    value: 'FILE',
    help: 'write all figures there, and nothing to build/bench/',
  },
  '--svg': { key: 'svg', help: 'write the chart to docs/bench.svg too' },
  '--from': {
    key: 'from',
    value: 'FILE',
    help: 'measure nothing: report what --json wrote there',
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
  const options = { peer: [], runtime: [], scenario: [] }
  for (const flag of Object.values(FLAGS)) {
    options[flag.key] ??= flag.value === undefined ? false : undefined
  }
  for (let at = 0; at < words.length; at += 1) {
    const word = /** @type {string} */ (words[at])
    const flag = FLAGS[word]
    if (flag === undefined) {
      throw new Error(`unknown option ${word}; expected one of ${Object.keys(FLAGS).join(', ')}`)
    }
    if (flag.values === undefined && flag.value === undefined) {
      options[flag.key] = true
      continue
    }
    at += 1
    const value = checkValue(word, flag, words[at])
    if (flag.values === undefined) options[flag.key] = value
    else options[flag.key].push(value)
  }
  return options
}

/** @param {string} word @param {Flag} flag @param {string | undefined} value @returns {string} */
function checkValue(word, { values, value: what }, value) {
  if (value === undefined) {
    throw new Error(`${word} expects ${values?.join(', ') ?? `a ${what}`}, not nothing`)
  }
  if (values !== undefined && !values.includes(value)) {
    throw new Error(`${word} expects one of ${values.join(', ')}, not ${value}`)
  }
  return value
}

/** @param {string[]} words @param {number} width @param {string} indent */
function wrap(words, width, indent) {
  const lines = ['']
  for (const word of words) {
    const last = /** @type {string} */ (lines.at(-1))
    if (last.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.map((line) => `\n${indent}${line}`).join('')
}

export function helpText() {
  const lines = Object.entries(FLAGS).map(([flag, { help, value, values }]) => {
    const head = value === undefined ? flag : `${flag} ${value}`
    const list = values === undefined ? '' : wrap(values, 80, ' '.repeat(19))
    return `  ${head.padEnd(16)} ${help}${list}`
  })
  return [
    'Usage: script/bench [option]...',
    '',
    'Measures Hutch beside its peers, in turn, round after round: ours in Bun, Node.js and Deno, each',
    'peer in its best runtime. Prints the medians, how cost grows, and which goals this run reached.',
    'Leaves in build/bench/: results.md with all percentiles, results.json, results.svg.',
    '',
    ...lines,
    '',
    'Examples',
    '  script/bench --quick',
    '  script/bench --peer hutch --peer isolated-vm --scenario fresh --scenario rows-5k',
    '  script/bench --from build/bench/results.json --svg',
    '  script/bench --strip --help    how quickly types are stripped: another bench',
    '',
    'docs/performance.md says what a figure means, and when there are enough of them.',
  ].join('\n')
}
