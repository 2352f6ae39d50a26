// Programs in a wrapping: what createIsolateDriver, contexts, the drop-in and the check make of them.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { createPool } from '@hutch/isolate'
import { checkProgram } from '@hutch/isolate/check'
import { createIsolateDriver, createQuickJSBunIsolateDriver } from '@hutch/isolate/tanstack'

/** @type {[string, unknown][]} */
const PROGRAMS = [
  ['```typescript\nconst rows: number[] = [1, 2]\nreturn rows.length\n```\n', 2],
  ['Here is it:\n~~~ts\r\nreturn 2 as number\r\n~~~\r\nBye.', 2],
  ['(async () => {\n  const answer = await Promise.resolve(42)\n  return answer\n})()', 42],
  ['async (): Promise<number> => 42', 42],
  ['async function main() { return 42 }\nmain().then(console.log)', 42],
  ['async function main(): Promise<number> { return 42 }', 42],
  ['export default async function () { return 42 }', 42],
  ['module.exports = async (): Promise<number> => 42', 42],
  ['async function main() { return 42 }\nmodule.exports = { main }', 42],
  ['exports.default = async function () { return 42 }', 42],
  ['async function main() { return 42 }\ntry { await main() } catch (e) { console.error(e) }', 42],
  ['#!/usr/bin/env node\nconst a = 40; a + 2', 42],
]

/** @param {import('@tanstack/ai-code-mode').IsolateDriver} driver @param {string} code */
async function run(driver, code) {
  const context = await driver.createContext({ bindings: {} })
  try {
    return await context.execute(code)
  } finally {
    await context.dispose()
  }
}

describe('a program in a wrapping', () => {
  test('gives its value, and one debug line, in createIsolateDriver', async () => {
    for (const [code, value] of PROGRAMS) {
      const result = await run(createIsolateDriver(), code)
      assert.deepEqual([result.error, result.value], [undefined, value], code)
      const lines = result.logs?.filter((line) => line.includes('The program was unwrapped: '))
      assert.equal(lines?.length, 1, code)
    }
  })

  test('is refused where that is asked for, with what to write', async () => {
    for (const [code] of PROGRAMS) {
      const { error } = await run(createIsolateDriver({ wrapping: 'refuse' }), code)
      assert.equal(error?.name, 'SyntaxError', code)
      assert.match(error?.message ?? '', /write|leave|send/, code)
    }
  })

  test('is as it is in the drop-in and in contexts, unless told', async () => {
    const code = 'async () => 5'
    assert.equal((await run(createQuickJSBunIsolateDriver(), code)).value, undefined)
    const driver = createQuickJSBunIsolateDriver({ wrapping: 'unwrap' })
    assert.equal((await run(driver, code)).value, 5)
    const pool = createPool()
    const plain = await pool.open()
    const told = await pool.open({ wrapping: 'unwrap' })
    assert.equal(await plain.run(code), undefined)
    assert.equal(await told.run(code), 5)
    await pool.close()
  })

  test('is checked as it is run', async () => {
    for (const [code] of PROGRAMS) {
      assert.deepEqual(await checkProgram(code), [], code)
    }
    const places = [
      ['```ts\nconst a: number = "x"\n```', 2, 7],
      ['const b = 1; const a: number = "x"; a', 1, 20],
      ['const b = 1; b.nope', 1, 16],
      ['async () => { const a: number = "x" }', 1, 21],
    ]
    for (const [code, line, column] of places) {
      const found = await checkProgram(String(code))
      assert.deepEqual(
        found.map((one) => [one.line, one.column]),
        [[line, column]],
        String(code),
      )
    }
    const [two] = await checkProgram('```js\n1\n```\n```js\n2\n```')
    assert.match(two?.message ?? '', /two fenced blocks/)
  })
})
