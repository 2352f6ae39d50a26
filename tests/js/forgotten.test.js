// Contexts that nobody closes: the collector of the host is the safety net.
// @ts-check
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { createPool } from '@hutch/isolate'
import { close, createIsolateDriver } from '@hutch/isolate/tanstack'

import { bind, sleep, success, until } from './support.js'

/** Makes the runtime look for garbage now. */
const collect = (() => {
  const { Bun } = /** @type {{ Bun?: { gc(force: boolean): void } }} */ (globalThis)
  if (Bun !== undefined) {
    return () => Bun.gc(true)
  }
  setFlagsFromString('--expose-gc')
  return /** @type {() => void} */ (runInNewContext('gc'))
})()

/**
 * Collects until it is so.
 *
 * @param {string} what
 * @param {() => boolean} condition
 */
const collectUntil = (what, condition) => until(what, condition, collect)

/** Processes that descend from this one through a zygote. */
function countWorkers() {
  const parents = new Map()
  for (const name of readdirSync('/proc')) {
    try {
      const stat = readFileSync(`/proc/${Number(name)}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]))
    } catch {
      // It is no process, or has just ended.
    }
  }
  return [...parents.values()].filter((parent) => parents.get(parent) === process.pid).length
}

describe('contexts that are dropped without being closed', () => {
  test('are closed once they are collected', async () => {
    const pool = createPool()
    const use = async () => {
      const contexts = Array.from({ length: 10 }, () => pool.open())
      await Promise.all(contexts.map((context) => context.run('return 1')))
      const endless = pool.open()
      endless.start('for (;;) {}')
      assert.equal(pool.stats().contexts, 11)
      // Held so far: a collector of its own accord must not have come first.
      assert.ok(![...contexts, endless].some((context) => context.closed))
    }
    await use()
    await collectUntil('the pool has no context', () => pool.stats().contexts === 0)
    assert.equal(await pool.open().run('return 2'), 2)
    pool.close()
  })

  test('are not collected while a program is awaited', async () => {
    const pool = createPool()
    /** @type {(value: unknown) => void} */
    let answer = () => {}
    const ask = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    const running = pool.open({ tools: { ask } }).run('return await ask({})')
    const waiting = (() => {
      const context = pool.open()
      context.start('for (let i = 0; i < 1e7; i++); return "counted"')
      return context.next()
    })()
    for (let i = 0; i < 10; i++) {
      collect()
      await sleep(10)
    }
    answer('answered')
    assert.equal(await running, 'answered')
    assert.deepEqual(await waiting, { type: 'done', value: 'counted' })
    await collectUntil('the pool has no context', () => pool.stats().contexts === 0)
    pool.close()
  })

  test('of a driver give their workers back; one whose execute is held lives on', async () => {
    await close()
    const driver = createIsolateDriver()
    const bindings = bind({ echo: async (input) => input })
    const use = async () => {
      const contexts = await Promise.all(
        Array.from({ length: 16 }, () => driver.createContext({ bindings })),
      )
      const results = await Promise.all(
        contexts.map((context) => context.execute('globalThis.kept = await echo({ a: 1 })')),
      )
      results.forEach(success)
      assert.ok(countWorkers() >= 16)
      return contexts.map((context) => context.execute)[0]
    }
    const execute = await use()
    // Some idle ones are kept, and one spare.
    await collectUntil('the workers have gone', () => countWorkers() <= 8)
    assert.ok(execute !== undefined)
    assert.deepEqual(success(await execute('return kept')), { a: 1 })
    await close()
  })
})
