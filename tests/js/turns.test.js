// The event loop has its turn, however many guests speak without end; and each of them has its share.
// What is counted is what comes between two turns of the loop, never how long that takes.
// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers'

import { createPool } from '@hutch/isolate'

import { until } from './support.js'

const POOLS = 3
const GUESTS = 45
/** A turn's budget, and a batch beyond it; twice, because a turn of ours may begin in the middle of one
 *  of the loop's. */
const EVENTS_MOST = 2 * (1024 + 170)
const UNITS_MOST = 2 * (1024 * 1024 + 256 * 1024 + 100_000)

const limits = {
  maxLogEntries: 4e9,
  maxLogLength: 4e9,
  maxToolCalls: 4e9,
  maxOpenToolCalls: 4096,
  timeout: 120_000,
}

/** All that guests have said: for each, and since the loop had its last turn. */
class Tally {
  /** @type {number[]} */
  shares = Array.from({ length: GUESTS }, () => 0)
  events = 0
  units = 0
  mostEvents = 0
  mostUnits = 0
  turns = 0
  #isOn = true

  constructor() {
    const turn = () => {
      this.mostEvents = Math.max(this.mostEvents, this.events)
      this.mostUnits = Math.max(this.mostUnits, this.units)
      this.events = 0
      this.units = 0
      this.turns++
      if (this.#isOn) {
        setImmediate(turn)
      }
    }
    setImmediate(turn)
  }

  /** @param {number} guest @param {number} length */
  count(guest, length) {
    this.shares[guest] = /** @type {number} */ (this.shares[guest]) + 1
    this.events++
    this.units += length
  }

  end() {
    this.#isOn = false
  }
}

/** Nothing is read meanwhile: so the rings fill up, and there is as much to read as there can be. */
function blockLoop() {
  const word = new Int32Array(new SharedArrayBuffer(4))
  Atomics.wait(word, 0, 0, 300)
}

/**
 * Run a program in all guests until each has said so much, and close the pools.
 *
 * @param {string} code
 * @param {number} enough
 */
async function flood(code, enough) {
  const tally = new Tally()
  const pools = Array.from({ length: POOLS }, () => createPool({ maxWorkers: GUESTS }))
  const runs = tally.shares.map(async (_, guest) => {
    const pool = /** @type {import('@hutch/isolate').Pool} */ (pools[guest % POOLS])
    const tools = {
      /** @param {unknown} input */
      tool: (input) => tally.count(guest, JSON.stringify(input).length),
      /** @param {unknown} input */
      slow: async (input) => {
        await null
        tally.count(guest, JSON.stringify(input).length)
      },
    }
    const context = pool.open({ tools, ...limits })
    await context.run(code, { onLog: ({ text }) => tally.count(guest, text.length) })
  })
  await until('each guest has begun', () => tally.shares.every((share) => share > 0))
  blockLoop()
  await until('each guest has its share', () => tally.shares.every((share) => share > enough))
  tally.end()
  for (const pool of pools) {
    pool.close()
  }
  const ends = await Promise.allSettled(runs)
  assert.ok(ends.every(({ status }) => status === 'rejected'))
  assert.ok(tally.turns > 10, `${tally.turns} turns`)
  return tally
}

test('console entries between two turns are bounded', async () => {
  const { mostEvents } = await flood("for (;;) console.log('x')", 3000)
  assert.ok(mostEvents <= EVENTS_MOST, `${mostEvents} events`)
})

test('text between two turns is bounded', async () => {
  const { mostUnits } = await flood("for (;;) console.log('x'.repeat(50_000))", 20)
  assert.ok(mostUnits <= UNITS_MOST, `${mostUnits} units`)
})

test('calls of tools that answer at once', async () => {
  const { mostEvents } = await flood('for (;;) await tool({})', 100)
  assert.ok(mostEvents <= EVENTS_MOST, `${mostEvents} events`)
})

test('calls of tools that answer later', async () => {
  const { mostEvents } = await flood('for (;;) await slow({})', 100)
  assert.ok(mostEvents <= EVENTS_MOST, `${mostEvents} events`)
})

test('a thousand calls at a time', async () => {
  const code = 'for (;;) await Promise.all(Array.from({ length: 1000 }, () => tool({})))'
  const { mostEvents } = await flood(code, 1500)
  assert.ok(mostEvents <= EVENTS_MOST, `${mostEvents} events`)
})

test('a guest that says little is heard among those that say much', async () => {
  const pool = createPool()
  const tally = new Tally()
  const floods = Array.from({ length: 40 }, (_, guest) =>
    pool
      .open(limits)
      .run("for (;;) console.log('x')", { onLog: ({ text }) => tally.count(guest, text.length) }),
  )
  const modest = pool.open({ tools: { ask: (/** @type {unknown} */ input) => input }, ...limits })
  const code = 'let sum = 0; for (let i = 1; i <= 50; i++) sum += await ask(i); return sum'
  assert.equal(await modest.run(code), 1275)
  tally.end()
  pool.close()
  await Promise.allSettled(floods)
})
