// Messages of the package say which name or value was wrong, and bring nothing to a terminal that it obeys.
// @ts-check
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { createPool, toolIdentifier } from '@hutch/isolate'
import { createIsolateDriver } from '@hutch/isolate/tanstack'

/** Something of each kind: a control character, a line end, a mark of direction, a tag. */
const NASTY = 'a\x1b[2J\x9b31m\u2028\u202e\u{e0041}\r'
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

const any = /** @type {any} */ (undefined)
const pool = createPool()
after(() => pool.close())

/** @type {Record<string, () => unknown>} */
const ROWS = {
  'the name of an option': () => createPool(/** @type {any} */ ({ [NASTY]: 1 })),
  'the value of a number': () => createPool({ maxWorkers: /** @type {any} */ (NASTY) }),
  'the value of a choice': () => pool.open({ console: /** @type {any} */ (NASTY) }),
  'a symbol': () => pool.open({ hints: /** @type {any} */ (Symbol(NASTY)) }),
  'a path': () => createPool({ workerPath: `${NASTY}\0` }),
  'the name of a tool that is no function': () => pool.open({ tools: { [NASTY]: any } }),
  'a name with NUL': () => pool.open({ tools: [`${NASTY}\0`] }),
  'a name twice': () => pool.open({ tools: [NASTY, NASTY] }),
  'a name that is too long': () => toolIdentifier(NASTY.repeat(100)),
  "a run's tool that the context has not": () => {
    const context = pool.open({ tools: [`other ${NASTY}`] })
    return context.run('return 1', { tools: { [NASTY]: () => 1 } }).finally(() => context.close())
  },
  'a binding that is none': () =>
    createIsolateDriver().createContext({ bindings: { [NASTY]: any } }),
  'a binding without execute': () =>
    createIsolateDriver().createContext({ bindings: { [NASTY]: /** @type {any} */ ({}) } }),
}

/** The same in C, where tests/base/text.c looks at the table. */
test('what must not reach a terminal is what Unicode says of characters', async () => {
  const { UNSAFE_CHARACTERS } = await import(
    new URL('./base/tables.js', import.meta.resolve('@hutch/isolate')).href
  )
  const invisible =
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u
  const expected = []
  for (let point = 0; point <= 0x10ffff; point++) {
    const character = String.fromCodePoint(point)
    if (!invisible.test(character) || /\p{Variation_Selector}/u.test(character)) continue
    const range = expected.at(-1)
    if (range?.last === point - 1) range.last = point
    else expected.push({ first: point, last: point })
  }
  assert.deepEqual(UNSAFE_CHARACTERS, expected)
})

describe('messages for a terminal', () => {
  for (const [what, use] of Object.entries(ROWS)) {
    test(what, async () => {
      const error = await Promise.resolve()
        .then(use)
        .then(
          () => assert.fail('nothing was wrong'),
          (reason) => reason,
        )
      assert.ok(error instanceof TypeError || error instanceof RangeError, String(error))
      assert.match(error.message, /\[2J/)
      assert.doesNotMatch(error.message, UNSAFE)
    })
  }
})
