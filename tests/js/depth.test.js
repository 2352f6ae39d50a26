// How deep programs go with the default options, in a worker.
// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createIsolateDriver } from '@hutch/isolate/tanstack'

import { evaluate, withContext } from './support.js'

const PROGRAMS = {
  'plain calls': ['const f = (n) => n ? 1 + f(n - 1) : 0; return f(2400)', 2400],
  'async functions': ['const f = async (n) => n ? 1 + await f(n - 1) : 0; return f(800)', 800],
  flatMap: ['const f = (n) => n ? [1].flatMap(() => f(n - 1)) : [7]; return f(750)[0]', 7],
  JSON: [
    "const text = '['.repeat(5000) + ']'.repeat(5000); return JSON.stringify(JSON.parse(text)).length",
    10000,
  ],
}

for (const [what, [code, value]] of Object.entries(PROGRAMS)) {
  test(`${what} go as deep as with other drivers`, async () => {
    assert.equal(await evaluate(String(code)), value)
  })
}

test('a value of 5,000 levels crosses, to a tool and as the result', async () => {
  /** @param {any} value */
  const depth = (value) => {
    let levels = 0
    for (let at = value; Array.isArray(at); at = at[0]) levels++
    return levels
  }
  const deep = 'let a = []; for (let i = 1; i < 5000; i++) a = [a];'
  assert.equal(depth(await evaluate(`${deep} return a`)), 5000)
  // Back it would go through JSON.stringify of the host, whose stack is its own.
  assert.equal(
    await evaluate(`${deep} return await measure(a)`, { bindings: { measure: depth } }),
    5000,
  )
})

test('a program that catches the RangeError goes on, and so does its context', async () => {
  const driver = createIsolateDriver()
  const echo = (/** @type {unknown} */ input) => input
  await withContext({ driver, bindings: { echo } }, async (context) => {
    const code = `
      let caught = 0
      const f = () => 1 + f()
      for (let i = 0; i < 20; i++) try { f() } catch (e) { caught += e instanceof RangeError }
      return [caught, await echo(7)]`
    for (let run = 0; run < 3; run++) {
      const result = await context.execute(code)
      assert.deepEqual(result.value, [20, 7])
    }
  })
})
