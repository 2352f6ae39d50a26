import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { judge } from '../../bench/goals.mjs'
import { full, summary } from '../../bench/report.mjs'
import { fromFile, toChart, toJson } from '../../bench/results.mjs'
import { row, scenarioNamed, scenariosNamed } from './results.js'

const scenarios = scenariosNamed('fresh', 'reused', 'flight-64')
const rows = [
  row('hutch', 'bun', { fresh: 7, reused: 9, 'flight-64': 120_000 }),
  row('isolated-vm', 'node', { fresh: 2600, reused: 'not offered: no such thing' }),
]
const results = {
  about: { processor: 'a processor', cores: 2, date: 'a day' },
  rows,
  scenarios,
  verdicts: judge(rows, scenarios),
  native: undefined,
}

/** @param {string} scenario @param {string} goal */
function verdictOn(scenario, goal) {
  const { title } = scenarioNamed(scenario)
  const found = results.verdicts.find((each) => each.scenario === title && each.goal === goal)
  return found?.reached
}

test('a goal is a bound from above, or from below where more is better', () => {
  assert.equal(verdictOn('fresh', 'at most 8.00 µs'), true)
  assert.equal(verdictOn('reused', 'at most 7.00 µs'), false)
  assert.equal(verdictOn('flight-64', 'at least 100,000/s'), true)
})

test('a goal may be a ratio to a peer of the same run', () => {
  assert.equal(verdictOn('fresh', '300 times ahead of isolated-vm'), true)
  assert.equal(verdictOn('fresh', 'level with the fastest peer'), true)
})

test('a goal against a peer that was not measured is neither reached nor missed', () => {
  assert.equal(verdictOn('fresh', '20 times ahead of quickjs-emscripten'), undefined)
})

test('the main table has the medians, the best one in bold', () => {
  const text = summary(results)
  assert.match(text, /^\| p50 \| hutch, bun \| isolated-vm, node \|$/m)
  assert.match(text, /^\| fresh context, `return 1 \+ 1` \| \*\*7\.00 µs\*\* \| 2\.60 ms \|$/m)
  assert.match(text, /^\| 64 contexts in flight \| \*\*120,000\/s\*\* \| - \|$/m)
})

test('a figure that is missing has its reason', () => {
  assert.match(summary(results), /reused context, `return 1 \+ 1`: not offered: no such thing/)
})

test('a peer that cannot run has its reason, and no column', () => {
  const unable = { ...row('run', 'node', {}), unable: 'it is not installed' }
  const text = summary({ ...results, rows: [...rows, unable] })
  assert.match(text, /\*\*run, node\*\* 1\.2\.3: a box\. Cannot run: it is not installed/)
  assert.doesNotMatch(text, /\| run, node \|/)
})

test('the file has all percentiles, and marks what is not stable', () => {
  assert.match(full(results), /\| hutch, bun \| 7\.00 µs \| 14\.0 µs \| 21\.0 µs \| 3\.50 µs \|/)
  const cells = new Map([
    ['fresh', { samples: 1, min: 1, p50: 1, p95: 1, p99: 1, max: 1, rounds: 9, spread: 0.2 }],
  ])
  const shaky = { ...row('hutch', 'bun', {}), cells }
  assert.match(full({ ...results, rows: [shaky] }), /20\.0 % \(unstable\)/)
})

test('growing costs are a table of their own', () => {
  const growing = scenariosNamed('sequence-1', 'sequence-10')
  const grown = [row('hutch', 'bun', { 'sequence-1': 40, 'sequence-10': 30 })]
  const text = summary({ ...results, rows: grown, scenarios: growing, verdicts: [] })
  assert.match(text, /^\| A context, of many one after another \| 1 \| 10 \|$/m)
  assert.match(text, /^\| hutch, bun \| 40\.0 µs \| 30\.0 µs \|$/m)
})

test('results come back from their JSON as they were', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'hutch-bench-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'results.json')
  writeFileSync(file, toJson(results))
  assert.equal(full(fromFile(file)), full(results))
  assert.equal(toChart(fromFile(file)), toChart(results))
})

test('a file that is no such JSON is refused by its name', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'hutch-bench-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'other.json')
  writeFileSync(file, '{}')
  assert.throws(() => fromFile(file), /other\.json has no rows and scenarios/)
  writeFileSync(file, 'no JSON')
  assert.throws(() => fromFile(file), /cannot read .*other\.json/)
  assert.throws(() => fromFile(join(folder, 'none.json')), /cannot read .*none\.json/)
})
