/** The whole way, from the command line to the file: two peers that need nothing installed. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { scenarios } from '../../bench/scenarios.mjs'

const BENCH = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url))
const ONES = ['first', 'fresh', 'reused', 'calls-8', 'parallel-100', 'result-10k', 'argument-10k']
const MANY = ['flight-64', 'crowd-8', 'stall', 'sequence-10', 'live-10']
const OF_OURS = ['turn-result']
/** Only root may read how much memory a confined worker has. */
const OF_ROOT = ['memory']

/** @param {string[]} words @returns {Promise<{ stdout: string, stderr: string }>} */
const bench = (...words) => promisify(execFile)(process.execPath, [BENCH, ...words])

/**
 * A file for the figures, so that those of build/bench/ stay. It goes with the test.
 *
 * @param {import('node:test').TestContext} context
 */
function figuresFile(context) {
  const folder = mkdtempSync(join(tmpdir(), 'hutch-bench-'))
  context.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'results.json')
}

/** @param {string[]} names */
const scenarioWords = (names) => names.flatMap((name) => ['--scenario', name])

test('each kind of scenario is measured, and checked, with ours and with worker threads', async (context) => {
  const file = figuresFile(context)
  const chosen = [...ONES, ...MANY, ...(process.getuid?.() === 0 ? OF_ROOT : [])]
  const who = ['--peer', 'hutch', '--peer', 'worker-threads', '--runtime', 'node']
  const { stdout } = await bench('--quick', ...who, ...scenarioWords(chosen), '--json', file)
  assert.match(stdout, /^# Results of script\/bench/)
  const { rows, scenarios: measured } = JSON.parse(readFileSync(file, 'utf8'))
  assert.equal(measured.length, chosen.length)
  assert.equal(rows.length, 2)
  for (const { peer, cells } of rows) {
    for (const name of chosen) {
      assert.ok(cells[name]?.samples > 0, `${peer}, ${name}: ${JSON.stringify(cells[name])}`)
    }
  }
  // Made of the file alone, with nothing measured.
  const again = await bench('--from', file)
  assert.equal(again.stdout, stdout)
})

test('large results are parsed in turns of at most ten thousand values', async (context) => {
  const file = figuresFile(context)
  const who = ['--peer', 'hutch', '--runtime', 'node']
  await bench('--quick', ...who, ...scenarioWords(OF_OURS), '--json', file)
  const [{ cells }] = JSON.parse(readFileSync(file, 'utf8')).rows
  const { samples, max } = cells['turn-result']
  assert.ok(samples > 0)
  assert.ok(max > 0 && max <= 10_000, `${max} values in one turn`)
})

test('a peer that is not to be had says so, and the others are measured', async (context) => {
  const who = ['--peer', 'tanstack-quickjs-bun', '--peer', 'worker-threads', '--runtime', 'bun']
  const { stdout } = await bench(
    '--quick',
    ...who,
    ...scenarioWords(['fresh']),
    '--json',
    figuresFile(context),
  )
  assert.match(stdout, /Cannot run: it is not on npm/)
  assert.match(stdout, /^\| fresh context.*\*\*.*\*\* \|$/m)
})

test('an option that is wrong ends with 2 and is named', async () => {
  await assert.rejects(bench('--peer', 'v8'), (/** @type {any} */ error) => {
    assert.equal(error.code, 2)
    assert.match(error.stderr, /--peer expects one of hutch/)
    return true
  })
})

test('every kind of scenario is among those that these tests measure', () => {
  const kindOf = (/** @type {string} */ name) => scenarios.find((each) => each.name === name)?.kind
  const tested = new Set([...ONES, ...MANY, ...OF_OURS, ...OF_ROOT].map(kindOf))
  // A burst is of `recycle: 'process'` alone, and measures as fresh does.
  for (const { kind } of scenarios) assert.ok(kind === 'burst' || tested.has(kind), kind)
})
