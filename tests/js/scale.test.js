// Many at once.
// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createIsolateDriver, createQuickJSBunIsolateDriver } from '@hutch/isolate/tanstack'

import { ample, bind, evaluate, failure, sleep, success, until } from './support.js'

test('200 contexts alive at once, each with a tool call open', async () => {
  const driver = createIsolateDriver()
  /** @type {(() => void)[]} */
  const release = []
  const t = (/** @type {number} */ i) =>
    new Promise((resolve) => release.push(() => resolve(i * 3)))
  const contexts = await Promise.all(
    Array.from({ length: 200 }, () => driver.createContext({ bindings: bind({ t }) })),
  )
  const runs = contexts.map((context, i) => context.execute(`return [${i}, await t(${i})]`))
  await until('all calls are open', () => release.length === 200)
  for (const answer of release.reverse()) {
    answer()
  }
  const values = (await Promise.all(runs)).map(success)
  assert.deepEqual(
    values,
    Array.from({ length: 200 }, (_, i) => [i, i * 3]),
  )
  await Promise.all(contexts.map((context) => context.dispose()))
})

test('several drivers at once, with other options each', async () => {
  const drivers = [
    createIsolateDriver({ maxToolCalls: 1 }),
    createIsolateDriver({ utcOffset: 60 }),
    createQuickJSBunIsolateDriver({ memoryLimit: 16 }),
    createIsolateDriver({ timeout: ample(60_000) }),
  ]
  const bindings = bind({ t: async () => 1 })
  const contexts = await Promise.all(drivers.map((driver) => driver.createContext({ bindings })))
  const code =
    'const a = [await t({})]; try { await t({}); a.push(new Date(0).getHours()) } catch {} return a'
  const values = (await Promise.all(contexts.map((c) => c.execute(code)))).map(success)
  assert.deepEqual(values, [[1], [1, 1], [1, 0], [1, 0]])
  await Promise.all(contexts.map((context) => context.dispose()))
})

test('64 contexts at work at the same time, some of which fail', async () => {
  const driver = createIsolateDriver({ timeout: ample(5000) })
  const bindings = { wait: async (/** @type {number} */ ms) => sleep(ms, ms) }
  const results = await Promise.all(
    Array.from({ length: 64 }, async (_, i) => {
      const context = await driver.createContext({ bindings: bind(bindings) })
      const code =
        i % 4 === 3
          ? `await wait(${i % 5}); throw new Error('number ${i}')`
          : `let sum = 0; for (let k = 0; k < 20; k++) sum += await wait(k % 3); return sum + ${i}`
      const result = await context.execute(code)
      await context.dispose()
      return i % 4 === 3 ? failure(result).message.split('\n')[0] : success(result)
    }),
  )
  const expected = Array.from({ length: 64 }, (_, i) => (i % 4 === 3 ? `number ${i}` : 19 + i))
  assert.deepEqual(results, expected)
})

test('a context opened inside a tool of another one', async () => {
  const inner = (/** @type {number} */ depth) =>
    depth === 0 ? 'deep' : evaluate(`return t(${depth - 1})`, { bindings: { t: inner } })
  assert.equal(await evaluate('return t(5)', { bindings: { t: inner } }), 'deep')
})

test('what a tool executes in its own context waits for its turn', async () => {
  /** @type {import('@tanstack/ai-code-mode').IsolateContext} */
  let context
  /** @type {Promise<any> | undefined} */
  let inner
  const t = async () => {
    await null
    inner = context.execute('return 2')
    return 1
  }
  context = await createIsolateDriver().createContext({ bindings: bind({ t }) })
  assert.equal(success(await context.execute('return t({})')), 1)
  assert.equal(success(await inner), 2)
  await context.dispose()
})
