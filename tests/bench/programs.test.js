import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goals } from '../../bench/goals.mjs'
import { peers } from '../../bench/peers/peers.mjs'
import { tools } from '../../bench/programs.mjs'
import { scenarios } from '../../bench/scenarios.mjs'

const AsyncFunction = /** @type {FunctionConstructor} */ ((async () => {}).constructor)

/** Those that differ: many scenarios run the same. */
const programs = new Map(scenarios.map((scenario) => [scenario.program.code, scenario]))

for (const { name, program, tools: names } of programs.values()) {
  test(`the program of ${name} returns in plain JavaScript what is expected of everybody`, async () => {
    const run = new AsyncFunction('console', ...names, program.code)
    const value = await run({ log() {} }, ...names.map((tool) => tools[tool]))
    assert.equal(JSON.stringify(value), JSON.stringify(program.expected()))
  })
}

test('each scenario has a name of its own', () => {
  assert.equal(new Set(scenarios.map(({ name }) => name)).size, scenarios.length)
})

test('records have the size that was asked for, within a row', async () => {
  for (const bytes of [1000, 100_000]) {
    const { length } = JSON.stringify(await tools.records({ bytes }))
    assert.ok(length >= bytes - 1 && length < bytes + 120, `${length} bytes instead of ${bytes}`)
  }
})

test('every goal is of a scenario, and against a peer, that exist', () => {
  const names = scenarios.map(({ name }) => name)
  for (const { scenario, against = 'every', bound } of goals) {
    assert.ok(names.includes(scenario), scenario)
    assert.ok(against === 'every' || against in peers, against)
    assert.ok(bound === undefined || bound > 0)
  }
})
