// Nothing of one context is visible in another, nor of the host in any.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { createIsolateDriver } from '@hutch/isolate/tanstack'

import { bind, evaluate, failure, success } from './support.js'

/** What a first guest does, and what a later one must not find. */
const TRACES = /** @type {[string, string, string, unknown][]} */ ([
  [
    'globals',
    'globalThis.left = 1; undeclared = 2',
    'return [typeof left, typeof undeclared]',
    ['undefined', 'undefined'],
  ],
  [
    'prototypes',
    'Object.prototype.left = 1; Array.prototype.left = 1',
    'return [({}).left === undefined, [].left === undefined]',
    [true, true],
  ],
  [
    'changed intrinsics',
    'JSON.parse = JSON.stringify = () => "evil"; Promise.prototype.then = () => 5; Array.prototype.push = null',
    'const a = []; a.push(JSON.parse("[1]")); return [a, await Promise.resolve(3)]',
    [[[1]], 3],
  ],
  [
    'deleted intrinsics',
    'delete globalThis.Map; delete Math.max; delete globalThis.console',
    'return [typeof Map, typeof Math.max, typeof console]',
    ['function', 'function', 'object'],
  ],
  [
    'frozen intrinsics',
    'Object.freeze(Object.prototype); Object.freeze(globalThis); Object.preventExtensions(Array)',
    'globalThis.a = 1; Array.x = 2; Object.prototype.y = 3; return [a, Array.x, ({}).y]',
    [1, 2, 3],
  ],
  [
    'registered symbols',
    'Symbol.for("left")[Symbol.toPrimitive]; globalThis.s = Symbol.for("left"); Object.prototype[Symbol.for("left")] = 1',
    'return ({})[Symbol.for("left")] === undefined',
    true,
  ],
  ['a replaced console', 'console.log = () => { throw 1 }', 'console.log("x"); return 1', 1],
  ['a replaced tool', 'globalThis.tool = async () => "evil"', 'return tool({})', 'host'],
  [
    'timers of promises',
    '(async () => { for (;;) { await null; globalThis.n = (globalThis.n ?? 0) + 1; if (n > 100) return } })()',
    'for (let i = 0; i < 200; i++) await null; return typeof n',
    'undefined',
  ],
  [
    'regular expression statics',
    '/(l)(e)(ft)/.exec("left")',
    'return [RegExp.$1 ?? "", RegExp.lastMatch ?? ""]',
    ['', ''],
  ],
])

describe('a later context of the same driver finds none of an earlier one', () => {
  const driver = createIsolateDriver()
  const bindings = bind({ tool: async () => 'host' })
  for (const [what, leave, look, expected] of TRACES) {
    test(what, async () => {
      for (let round = 0; round < 3; round++) {
        const first = await driver.createContext({ bindings })
        await first.execute(leave)
        await first.dispose()
        const second = await driver.createContext({ bindings })
        assert.deepEqual(success(await second.execute(look)), expected)
        await second.dispose()
      }
    })
  }

  test('globals and tools that the later one does not have', async () => {
    const first = await driver.createContext({ bindings: bind({ secret: async () => 's' }) })
    success(await first.execute('globalThis.a = await secret({})'))
    await first.dispose()
    const second = await driver.createContext({ bindings: {} })
    const code = 'return [typeof secret, typeof a, typeof tool]'
    assert.deepEqual(success(await second.execute(code)), ['undefined', 'undefined', 'undefined'])
    await second.dispose()
  })
})

describe('two contexts at once do not see each other', () => {
  const driver = createIsolateDriver()
  for (const [what, leave, look, expected] of TRACES) {
    test(what, async () => {
      const bindings = bind({ tool: async () => 'host' })
      const first = await driver.createContext({ bindings })
      const second = await driver.createContext({ bindings })
      await first.execute(leave)
      assert.deepEqual(success(await second.execute(look)), expected)
      await Promise.all([first.dispose(), second.dispose()])
    })
  }
})

describe('chance and time', () => {
  const code = 'return [Math.random(), Math.random(), Math.random()]'

  test('Math.random goes another way in every context', async () => {
    const driver = createIsolateDriver()
    const seen = new Set()
    for (let i = 0; i < 50; i++) {
      seen.add(JSON.stringify(await evaluate(code, { driver })))
    }
    assert.equal(seen.size, 50)
  })

  test('a seed makes it the same', async () => {
    const first = await evaluate(code, { driver: createIsolateDriver({ randomSeed: 7 }) })
    const again = await evaluate(code, { driver: createIsolateDriver({ randomSeed: 7 }) })
    const other = await evaluate(code, { driver: createIsolateDriver({ randomSeed: 8 }) })
    assert.deepEqual(first, again)
    assert.notDeepEqual(first, other)
  })

  test('the time zone is UTC, or the offset that was asked for', async () => {
    const hour = 'const d = new Date(0); return [d.getHours(), d.getTimezoneOffset()]'
    assert.deepEqual(await evaluate(hour), [0, 0])
    const driver = createIsolateDriver({ utcOffset: 90 })
    assert.deepEqual(await evaluate(`${hour}`, { driver }), [1, -90])
  })

  test("the clock is the system's, or stands where it was set", async () => {
    const before = Date.now()
    const now = await evaluate('return Date.now()')
    assert.ok(now >= before - 1 && now <= Date.now() + 1, `${before} <= ${now}`)
    const driver = createIsolateDriver({ fixedTime: 86_400_000 })
    assert.deepEqual(await evaluate('return new Date()', { driver }), '1970-01-02T00:00:00.000Z')
  })
})

describe('of the host a guest sees nothing', () => {
  for (const name of [
    'process',
    'require',
    'module',
    'fetch',
    'setTimeout',
    'setImmediate',
    'Deno',
    'Bun',
    'std',
    'os',
    'print',
    'load',
    'Worker',
    'WebAssembly',
  ]) {
    test(`no ${name}`, async () => {
      assert.equal(await evaluate(`return typeof ${name}`), 'undefined')
    })
  }

  test('dynamic import fails, whatever it is asked for', async () => {
    for (const name of [
      'fs',
      'node:fs',
      'std',
      'os',
      'qjs:std',
      './x.js',
      '/etc/passwd',
      'data:text/javascript,1',
    ]) {
      const code = `try { await import(${JSON.stringify(name)}); return 'imported' } catch { return 'failed' }`
      assert.equal(await evaluate(code), 'failed')
    }
  })

  test('static import is a syntax error', async () => {
    const context = await createIsolateDriver().createContext({ bindings: {} })
    const error = failure(await context.execute("import fs from 'fs'"))
    assert.equal(error.name, 'SyntaxError')
    await context.dispose()
  })
})
