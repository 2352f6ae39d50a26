// Who may follow whom in a worker process: `recycle` and `trustDomain`.
// @ts-check
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { createPool } from '@hutch/isolate'
import { createIsolateDriver } from '@hutch/isolate/tanstack'

import { bind, DRIVERS, evaluate, isAlive, pidOf, spawnFixture, success, until } from './support.js'

describe('recycle', () => {
  const pool = createPool()
  after(() => pool.close())

  /** @param {import('@hutch/isolate').ContextOptions} options */
  async function pidOfOneRun(options) {
    const context = pool.open(options)
    assert.equal(await context.run('return typeof mark + (globalThis.mark = 1)'), 'undefined1')
    const pid = await pidOf(context)
    context.close()
    return pid
  }

  test("'process': no process serves two contexts, and each ends with its own", async () => {
    const pids = []
    for (let i = 0; i < 40; i++) {
      pids.push(await pidOfOneRun({ recycle: 'process' }))
    }
    assert.equal(new Set(pids).size, pids.length)
    await until('the processes have ended', () => !pids.some(isAlive))
  })

  test("'reset', the default: a process serves one context after another", async () => {
    const pid = await pidOfOneRun({})
    assert.equal(await pidOfOneRun({ recycle: 'reset' }), pid)
    assert.notEqual(await pidOfOneRun({ recycle: 'process' }), pid)
    assert.equal(await pidOfOneRun({}), pid)
  })

  for (const [name, createDriver] of DRIVERS) {
    test(`${name}: programs run alike`, async () => {
      const driver = createDriver({ recycle: 'process' })
      const bindings = { add: (/** @type {{ a: number, b: number }} */ { a, b }) => a + b }
      const code = 'return await add({ a: 1, b: await add({ a: 2, b: 3 }) })'
      for (let i = 0; i < 20; i++) {
        assert.equal(await evaluate(code, { driver, bindings }), 6)
      }
      const many = Array.from({ length: 24 }, () => evaluate(code, { driver, bindings }))
      assert.deepEqual(await Promise.all(many), new Array(24).fill(6))
    })

    test(`${name}: globals persist from program to program`, async () => {
      const driver = createDriver({ recycle: 'process' })
      const context = await driver.createContext({ bindings: bind({}) })
      success(await context.execute('globalThis.kept = 5'))
      assert.equal(success(await context.execute('return kept')), 5)
      await context.dispose()
    })

    test(`${name}: what recycle takes`, () => {
      const anything = /** @type {any} */ (createDriver)
      const message = /^recycle must be "reset" or "process", got /
      assert.throws(() => anything({ recycle: 'fork' }), { name: 'RangeError', message })
      assert.throws(() => anything({ recycle: true }), { name: 'TypeError', message })
      assert.throws(() => anything({ recycle: null }), { name: 'TypeError', message })
    })
  }

  test('maxSpare bounds the stock', async () => {
    const own = createPool({ spare: 1, maxSpare: 3 })
    for (let i = 0; i < 60; i++) {
      const context = own.open({ recycle: 'process' })
      context.start('')
      context.close()
      assert.ok(own.stats().idle <= 3)
    }
    await until('the stock is back at its least', () => own.stats().idle === 1)
    own.close()
    const anything = /** @type {any} */ (createPool)
    const message = /^maxSpare must be a whole number from 0 to 1024, got /
    assert.throws(() => anything({ maxSpare: 1025 }), { name: 'RangeError', message })
    assert.throws(() => anything({ maxSpare: '3' }), { name: 'TypeError', message })
  })
})

describe('trustDomain', () => {
  /**
   * @param {number} count  of workers that have served
   * @param {string[]} domains  of drivers that are used in turn; '-' is none
   */
  async function expectWorkers(count, ...domains) {
    // And a spare one.
    const fixture = spawnFixture('domains.js', String(count + 1), ...domains)
    const { status, output } = await fixture.ended
    assert.deepEqual([status, output], [0, `${count + 1}\n`])
  }

  test('drivers of one name share a worker', async () => {
    await expectWorkers(1, 'a', 'a', 'a')
  })

  test('drivers of different names do not', async () => {
    await expectWorkers(3, 'a', 'b', 'a', 'b', 'A')
  })

  test('a driver without a name shares with nobody', async () => {
    await expectWorkers(3, '-', '-', 'a')
  })

  test('low level: numbers and names are domains apart', async () => {
    const pool = createPool({ maxIdle: 100 })
    const domains = [0, 1, 2, Number.MAX_SAFE_INTEGER, '0', '1', '2', '-1', 'a', 'b', '\u{1f407}']
    /** @type {Map<number, unknown>} */
    const owners = new Map()
    for (let round = 0; round < 2; round++) {
      for (const trustDomain of domains) {
        const context = pool.open({ trustDomain })
        await context.run('return 1')
        const pid = await pidOf(context)
        context.close()
        assert.equal(owners.get(pid) ?? trustDomain, trustDomain)
        owners.set(pid, trustDomain)
      }
    }
    assert.equal(owners.size, domains.length)
    pool.close()
  })

  test('what it takes', () => {
    const anything = /** @type {any} */ (createIsolateDriver)
    const message = /^trustDomain must be a name of 1 to 256 characters, got /
    assert.throws(() => anything({ trustDomain: 5 }), { name: 'TypeError', message })
    assert.throws(() => anything({ trustDomain: null }), { name: 'TypeError', message })
    assert.throws(() => anything({ trustDomain: '' }), { name: 'RangeError', message })
    assert.throws(() => anything({ trustDomain: 'x'.repeat(257) }), { name: 'RangeError', message })
    createIsolateDriver({ trustDomain: 'x'.repeat(256) })
    const pool = createPool()
    assert.throws(() => pool.open({ trustDomain: '' }), { name: 'RangeError', message })
    assert.throws(() => pool.open({ trustDomain: 1.5 }), { name: 'RangeError' })
    pool.close()
  })
})
