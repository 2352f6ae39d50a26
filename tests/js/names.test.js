// Names of tools: which are allowed, and what is said about the others.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { bind, DRIVERS, success, withContext } from './support.js'

for (const [driverName, createDriver] of DRIVERS) {
  describe(driverName, () => {
    for (const name of [
      'a',
      '_',
      '$',
      'external_getUser',
      'then',
      'get',
      'of',
      'async',
      'x'.repeat(256),
    ]) {
      test(`a tool may be called ${name.slice(0, 20)}`, () =>
        withContext(
          { driver: createDriver(), bindings: { [name]: async () => 'called' } },
          async (context) => {
            assert.equal(success(await context.execute(`return await ${name}({})`)), 'called')
          },
        ))
    }

    for (const name of [
      'Object',
      'Promise',
      'console',
      'globalThis',
      'undefined',
      'NaN',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'await',
      'return',
      'class',
      'yield',
      'arguments',
      'eval',
      'get-user',
      'a b',
      'a.b',
      '1a',
      '',
      'ä',
      '\u{1F600}',
      'a\0b',
      'a\nb',
      '\ud800',
      'a);evil(',
      'x'.repeat(257),
    ]) {
      test(`no tool may be called ${JSON.stringify(name.slice(0, 20))}`, async () => {
        // A computed __proto__ is an own property, as JSON.parse makes it.
        const bindings = bind({ fine: () => 1, [name]: () => 1 })
        await assert.rejects(
          createDriver().createContext({ bindings }),
          (/** @type {Error} */ error) =>
            error instanceof TypeError && /tool/.test(error.message) && error.message.length < 400,
        )
      })
    }
  })
}

test('a tool is an async function of its name, which the guest may replace for itself', () =>
  withContext({ bindings: { t: async () => 'host' } }, async (context) => {
    const code = `
      const promise = t({})
      const seen = [t.name, typeof t, promise instanceof Promise, await promise]
      globalThis.t = () => 'mine'
      return [...seen, t()]`
    assert.deepEqual(success(await context.execute(code)), ['t', 'function', true, 'host', 'mine'])
  }))
