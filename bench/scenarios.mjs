/**
 * What is measured: one table. A kind is a way to measure; measure.mjs has
 * one function for each.
 *
 * @typedef {'fresh' | 'reused' | 'first' | 'flight' | 'crowd' | 'stall' | 'memory' | 'sequence'
 *   | 'live' | 'burst' | 'turn'} Kind
 *
 * @typedef {object} Scenario
 * @property {string} name      for --scenario and the JSON
 * @property {string} title     for the tables
 * @property {Kind} kind
 * @property {import('./programs.mjs').Program} program
 * @property {import('./statistics.mjs').Unit} unit
 * @property {(keyof typeof import('./programs.mjs').tools)[]} tools  that its contexts have
 * @property {number} count     contexts or runs, where the kind has a number of them; otherwise 1
 * @property {string} [growth]  the table of growing cost that it belongs to, and its column there
 * @property {string} [column]
 * @property {'workers'} [part]  of the memory: that outside of the host's process
 * @property {boolean} main     in the main table; the others are only in a table of their own
 * @property {boolean} chart    in the chart
 * @property {object} [options] of our driver; where there are any, even {}, only ours is measured
 */

import * as programs from './programs.mjs'

/**
 * @param {string} name
 * @param {string} title
 * @param {Kind} kind
 * @param {import('./programs.mjs').Program} program
 * @param {Partial<Scenario>} [rest]
 * @returns {Scenario}
 */
function scenario(name, title, kind, program, rest = {}) {
  return {
    name,
    title,
    kind,
    program,
    unit: 'microseconds',
    tools: ['increment'],
    count: 1,
    main: true,
    chart: false,
    ...rest,
  }
}

const KILOBYTE = 1000
const SIZES = [1, 10, 100, 1000, 10_000]
const CONTEXTS = [1, 10, 100, 1000, 10_000]
const FLOODS = [1, 200, 800]
const LOG_ENTRIES = 200_000
const TOOL_CALLS = 20_000
const chart = true

/** @param {number} kilobytes */
const sizeName = (kilobytes) => (kilobytes < 1000 ? `${kilobytes} KB` : `${kilobytes / 1000} MB`)

/** @param {number} kilobytes @returns {Scenario} */
function filtered(kilobytes) {
  const isMain = kilobytes === 1000
  return scenario(
    `result-${kilobytes}k`,
    `${sizeName(kilobytes)} tool result, filtered`,
    'fresh',
    programs.filterRecords(kilobytes * KILOBYTE),
    {
      tools: ['records'],
      growth: 'Tool result, filtered',
      column: sizeName(kilobytes),
      main: isMain,
      chart: isMain,
    },
  )
}

/** @param {number} kilobytes @returns {Scenario} */
function passed(kilobytes) {
  return scenario(
    `argument-${kilobytes}k`,
    `${sizeName(kilobytes)} argument`,
    'fresh',
    programs.passText(kilobytes * KILOBYTE),
    {
      tools: ['measure'],
      growth: 'Argument',
      column: sizeName(kilobytes),
      main: kilobytes === 1000,
    },
  )
}

/** @param {'sequence' | 'live'} kind @param {string} how @param {number} count */
const grown = (kind, how, count) =>
  scenario(
    `${kind}-${count}`,
    `${count.toLocaleString('en-US')} contexts ${how}`,
    kind,
    programs.sum,
    {
      growth: `A context, of many ${how}`,
      column: count.toLocaleString('en-US'),
      count,
      main: false,
    },
  )

/**
 * So many guests at once, which say the same altogether however many they are.
 *
 * @param {'log' | 'tool'} what
 * @param {number} count
 */
function flooded(what, count) {
  const isLog = what === 'log'
  const share = (isLog ? LOG_ENTRIES : TOOL_CALLS) / count
  return scenario(
    `flood-${what}-${count}`,
    `longest stall, ${count} guests that ${isLog ? 'log' : 'call tools'} without pause`,
    'stall',
    isLog ? programs.logInTurn(share) : programs.callsInTurn(share),
    {
      growth: `Longest stall, guests that ${isLog ? 'log' : 'call tools'} without pause`,
      column: String(count),
      options: { maxLogEntries: LOG_ENTRIES, maxLogLength: 2e8, maxToolCalls: TOOL_CALLS },
      count,
      main: false,
    },
  )
}

/** @type {Scenario[]} */
export const scenarios = [
  scenario('first', 'first result in a new process', 'first', programs.sum, { chart }),
  scenario('fresh', 'fresh context, `return 1 + 1`', 'fresh', programs.sum, { chart }),
  scenario('reused', 'reused context, `return 1 + 1`', 'reused', programs.sum),
  scenario('calls-3', '3 calls in turn', 'fresh', programs.callsInTurn(3)),
  scenario('calls-8', '8 calls in turn', 'fresh', programs.callsInTurn(8), { chart }),
  scenario('calls-100', '100 calls in turn', 'fresh', programs.callsInTurn(100), { chart }),
  scenario('parallel-100', '100 calls at once', 'fresh', programs.callsAtOnce(100), { chart }),
  scenario('fib-20', 'fib(20)', 'fresh', programs.fibonacci(20), { chart }),
  scenario('fib-27', 'fib(27)', 'fresh', programs.fibonacci(27)),
  scenario('rows-5k', '5,000 rows through JSON', 'fresh', programs.rows, { chart }),
  ...SIZES.map(filtered),
  ...SIZES.map(passed),
  scenario('text', 'building text', 'fresh', programs.buildText),
  scenario('sort', 'sorting and grouping', 'fresh', programs.sortAndGroup, { chart }),
  scenario('regex', 'regular expressions', 'fresh', programs.parseLog),
  scenario('flight-64', '64 contexts in flight', 'flight', programs.sum, {
    unit: 'rate',
    count: 64,
    chart,
  }),
  scenario('crowd-8', '8 CPU-bound runs against one', 'crowd', programs.fibonacci(27), {
    unit: 'ratio',
    count: 8,
  }),
  scenario('stall', "longest stall of the host's loop", 'stall', programs.spin, { chart }),
  scenario(
    'stall-result',
    'the same, a result of 1,001,001 values',
    'stall',
    programs.returnValues(1000),
    {
      options: {},
    },
  ),
  scenario(
    'stall-input',
    "the same, a tool's input of as many",
    'stall',
    programs.passValues(1000),
    {
      tools: ['length'],
      options: {},
    },
  ),
  scenario('stall-keys', 'the same, one object of 1,000,000 members', 'stall', programs.members, {
    options: { memoryLimit: 512 },
  }),
  scenario(
    'turn-result',
    'values parsed in one turn of the loop',
    'turn',
    programs.returnValues(1000),
    {
      unit: 'values',
      options: {},
    },
  ),
  scenario('memory', 'memory of an idle live context', 'memory', programs.sum, {
    unit: 'kilobytes',
    count: 64,
    chart,
  }),
  scenario('memory-outside', "of that, outside of the host's process", 'memory', programs.sum, {
    unit: 'kilobytes',
    count: 64,
    part: 'workers',
    options: {},
  }),
  scenario('process-fresh', "fresh, `recycle: 'process'`", 'burst', programs.sum, {
    options: { recycle: 'process' },
    count: 8,
    main: false,
  }),
  scenario('process-rate', "8 in flight, `recycle: 'process'`", 'flight', programs.sum, {
    options: { recycle: 'process' },
    unit: 'rate',
    count: 8,
    main: false,
  }),
  ...FLOODS.map((count) => flooded('log', count)),
  ...FLOODS.map((count) => flooded('tool', count)),
  ...CONTEXTS.map((count) => grown('sequence', 'one after another', count)),
  ...CONTEXTS.map((count) => grown('live', 'alive at once', count)),
]
