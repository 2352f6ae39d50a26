// Tool calls: how many, how they end, what crosses.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { createIsolateDriver } from '@hutch/isolate/tanstack'

import {
  errorOf,
  evaluate,
  failure,
  pending,
  sleep,
  success,
  until,
  withContext,
} from './support.js'

/** What a program sees of a tool's failure. */
const CATCH = `try { return ['value', await t({})] } catch (e) {
  return { error: e instanceof Error, name: e.name, message: e.message, code: e.code }
}`

describe('how many', () => {
  for (const count of [1, 4, 100, 1000]) {
    test(`${count} sequential calls`, async () => {
      const code = `let sum = 0; for (let i = 0; i < ${count}; i++) sum += await add({ i }); return sum`
      const sum = await evaluate(code, { bindings: { add: async ({ i }) => i + 1 } })
      assert.equal(sum, (count * (count + 1)) / 2)
    })
  }

  test('1,000 parallel calls, answered in any order', async () => {
    const code = `
      const inputs = Array.from({ length: 1000 }, (_, i) => i)
      return Promise.all(inputs.map((i) => t({ i })))`
    const bindings = {
      t: async (/** @type {{ i: number }} */ { i }) => {
        await sleep((i * 7) % 20)
        return i * 2
      },
    }
    const values = await evaluate(code, { bindings })
    assert.deepEqual(
      values,
      Array.from({ length: 1000 }, (_, i) => i * 2),
    )
  })

  test('1,000 parallel calls that are answered at once', async () => {
    const code = 'return (await Promise.all(Array.from({ length: 1000 }, (_, i) => t(i)))).length'
    assert.equal(await evaluate(code, { bindings: { t: async (i) => i } }), 1000)
  })

  test('more open calls than maxOpenToolCalls: a catchable error', async () => {
    const driver = createIsolateDriver({ maxOpenToolCalls: 2 })
    const code = `
      const calls = [t(1), t(2), t(3)].map((p) => p.catch((e) => e.message))
      return Promise.all(calls)`
    const bindings = { t: async (/** @type {number} */ i) => i }
    const [first, second, third] = await evaluate(code, { driver, bindings })
    assert.deepEqual([first, second], [1, 2])
    assert.match(third, /maxOpenToolCalls|2/)
  })

  test('a long chain of calls leaves the event loop its turns', async () => {
    let beats = 0
    const timer = setInterval(() => beats++, 1)
    try {
      const driver = createIsolateDriver({ maxToolCalls: 100_000 })
      const code = 'for (let i = 0; i < 10000; i++) await t(i); return "done"'
      assert.equal(await evaluate(code, { driver, bindings: { t: async (i) => i } }), 'done')
    } finally {
      clearInterval(timer)
    }
    assert.ok(beats >= 3, `${beats} beats`)
  })

  test('a chain of executes leaves the event loop its turns', async () => {
    let beats = 0
    const timer = setInterval(() => beats++, 1)
    try {
      await withContext({}, async (context) => {
        for (let i = 0; i < 5000; i++) {
          success(await context.execute('return 1'))
        }
      })
    } finally {
      clearInterval(timer)
    }
    assert.ok(beats >= 3, `${beats} beats`)
  })
})

describe('inputs', () => {
  test('a missing input is {}', async () => {
    const code = 'return [await t(), await t(undefined), await t(null), await t(0), await t("")]'
    const seen = await evaluate(code, { bindings: { t: async (input) => ({ input }) } })
    const expected = [{}, {}, null, 0, ''].map((input) => ({ input }))
    assert.deepEqual(seen, expected)
  })

  test('an input is the parsed JSON of what the guest gave', async () => {
    const code = `return t({ a: [1, { b: null }], u: undefined, d: new Date(0), n: NaN,
      f() {}, __proto__: { inherited: 1 }, ['__proto__']: 5 })`
    let seen
    const keep = (/** @type {unknown} */ input) => {
      seen = input
    }
    const driver = createIsolateDriver({ protoKeys: 'keep' })
    await evaluate(code, { driver, bindings: { t: async (input) => keep(input) } })
    assert.equal(
      JSON.stringify(seen),
      '{"a":[1,{"b":null}],"d":"1970-01-01T00:00:00.000Z","n":null,"__proto__":5}',
    )
    assert.equal(Object.getPrototypeOf(seen), Object.prototype)
  })

  for (const input of [
    '(() => { const a = {}; a.a = a; return a })()',
    '5n',
    '{ toJSON() { throw 1 } }',
  ]) {
    test(`an input without JSON rejects inside: ${input}`, async () => {
      let calls = 0
      const code = `try { await t(${input}) } catch (e) { return 'caught' }`
      const value = await evaluate(code, { bindings: { t: async () => void calls++ } })
      assert.deepEqual([value, calls], ['caught', 0])
    })
  }

  test('a tool is called as a method of its binding', async () => {
    const binding = {
      name: 't',
      description: '',
      inputSchema: {},
      secret: 'mine',
      async execute() {
        return this.secret
      },
    }
    const context = await createIsolateDriver().createContext({ bindings: { t: binding } })
    assert.equal(success(await context.execute('return t({})')), 'mine')
    await context.dispose()
  })
})

describe('failures', () => {
  /** @type {[string, () => unknown, object][]} */
  const FAILURES = [
    ['an Error', () => new Error('broken'), { error: true, name: 'Error', message: 'broken' }],
    ['a TypeError', () => new TypeError('t'), { error: true, name: 'TypeError', message: 't' }],
    [
      'an Error with a code',
      () => Object.assign(new Error('no file'), { code: 'ENOENT' }),
      { error: true, message: 'no file', code: 'ENOENT' },
    ],
    ['a string', () => 'just text', { error: true, name: 'Error', message: 'just text' }],
    ['null', () => null, { error: true, message: 'null' }],
    ['undefined', () => undefined, { error: true, message: 'undefined' }],
    ['an object', () => ({ status: 404 }), { error: true, message: '{"status":404}' }],
    ['an object with a message', () => ({ message: 'm', name: 'N' }), { name: 'N', message: 'm' }],
    ['a symbol', () => Symbol('s'), { error: true, message: 'Symbol(s)' }],
    [
      'text with NUL and lone surrogate',
      () => new Error('a\0b\ud800c'),
      { message: 'a\0b\ufffdc' },
    ],
    [
      'hostile getters',
      () => ({
        get name() {
          throw new Error('name')
        },
        get message() {
          throw new Error('message')
        },
        get code() {
          throw new Error('code')
        },
      }),
      { error: true, name: 'Error' },
    ],
    [
      'a revoked proxy',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      },
      { error: true, message: '[unprintable]' },
    ],
  ]
  for (const [what, make, expected] of FAILURES) {
    test(`a tool that rejects with ${what}`, async () => {
      const bindings = { t: () => Promise.reject(make()) }
      const seen = await evaluate(CATCH, { bindings })
      assert.deepEqual({ ...seen, ...expected }, seen)
    })

    test(`a tool that throws ${what} synchronously`, async () => {
      const bindings = {
        t: () => {
          throw make()
        },
      }
      const seen = await evaluate(CATCH, { bindings })
      assert.deepEqual({ ...seen, ...expected }, seen)
    })
  }

  test('an uncaught failure is the error of the program', async () => {
    const bindings = {
      t: async () => {
        throw Object.assign(new RangeError('too far'), { code: 'E_FAR' })
      },
    }
    const error = await errorOf('const a = 1\nawait t({})', { bindings })
    assert.deepEqual([error.name, error.code], ['RangeError', 'E_FAR'])
    assert.match(error.message, /^too far\n {4}at program\.ts:2:7\n/)
  })

  test("the host's stack does not reach the guest", async () => {
    const bindings = {
      t: async () => {
        throw new Error('x')
      },
    }
    const code = 'try { await t({}) } catch (e) { return String(e.stack) }'
    assert.doesNotMatch(await evaluate(code, { bindings }), /tools\.test|node:|file:/)
  })

  test('a tool that throws 2,000 times in a row', async () => {
    const driver = createIsolateDriver({ maxToolCalls: 2000 })
    const bindings = {
      t: () => {
        throw new Error('no')
      },
    }
    const code = 'let n = 0; for (let i = 0; i < 2000; i++) await t(i).catch(() => n++); return n'
    assert.equal(await evaluate(code, { driver, bindings }), 2000)
  })
})

describe('results', () => {
  /** @type {any} */
  const cyclic = { name: 'c' }
  cyclic.self = cyclic

  for (const [what, result, expected] of [
    ['undefined', undefined, 'undefined'],
    ['a function', () => 1, 'undefined'],
    ['a symbol', Symbol('s'), 'undefined'],
    ['null', null, 'null'],
    ['a number', 1.5, '1.5'],
    ['NaN', Number.NaN, 'null'],
    ['a string', 'x"\\\n', '"x\\"\\\\\\n"'],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['an object with toJSON', { toJSON: () => ({ j: 1 }) }, '{"j":1}'],
    ['toJSON that gives undefined', { toJSON: () => undefined }, 'undefined'],
    ['NULs', 'a\0b\0', '"a\\u0000b\\u0000"'],
    ['lone surrogates', '\ud800x\udc00', '"\\ud800x\\udc00"'],
    ['characters of every length', 'aä€\u{1F600}', '"aä€\u{1F600}"'],
    ['a key __proto__', JSON.parse('{"__proto__":{"p":1}}'), '{"__proto__":{"p":1}}'],
  ]) {
    test(`a tool that returns ${what}`, async () => {
      const code = 'return String(JSON.stringify(await t({})))'
      for (const t of [async () => result, () => result]) {
        assert.equal(await evaluate(code, { bindings: { t } }), expected)
      }
    })
  }

  for (const [what, make] of /** @type {[string, () => unknown][]} */ ([
    ['a cyclic value', () => cyclic],
    ['a BigInt', () => ({ n: 5n })],
    [
      'toJSON that throws',
      () => ({
        toJSON() {
          throw new TypeError('no JSON')
        },
      }),
    ],
    [
      'a getter that throws',
      () => ({
        get a() {
          throw new TypeError('no a')
        },
      }),
    ],
  ])) {
    test(`a tool that returns ${what}: a catchable TypeError inside`, async () => {
      const seen = await evaluate(CATCH, { bindings: { t: async () => make() } })
      assert.equal(seen.error, true)
      assert.equal(seen.name, 'TypeError')
    })
  }

  test('a tool that returns a hostile thenable', async () => {
    const hostile = Object.defineProperty({}, 'then', {
      get() {
        throw new Error('then!')
      },
    })
    const seen = await evaluate(CATCH, { bindings: { t: () => hostile } })
    assert.deepEqual([seen.error, seen.message], [true, 'then!'])
  })

  test('a tool that resolves and rejects several times', async () => {
    const often = {
      // biome-ignore lint/suspicious/noThenProperty: what a hostile tool returns
      then(/** @type {(v: number) => void} */ resolve, /** @type {(e: unknown) => void} */ reject) {
        resolve(1)
        reject(new Error('2'))
        resolve(3)
      },
    }
    assert.equal(await evaluate('return t({})', { bindings: { t: () => often } }), 1)
  })

  test('10 MB of text come and go', async () => {
    const text = 'hütch\u{1F600} '.repeat(1_000_000)
    const bindings = { t: async () => text, same: async (/** @type {string} */ s) => s === text }
    const code = 'const s = await t({}); return [s.length, await same(s), s]'
    const [length, same, back] = await evaluate(code, { bindings })
    assert.deepEqual([length, same, back === text], [text.length, true, true])
  })

  test('a result of 10 MB', async () => {
    assert.equal((await evaluate("return 'x'.repeat(10_000_000)")).length, 10_000_000)
  })

  test('NULs and lone surrogates in programs, results and logs', () =>
    withContext({}, async (context) => {
      const result = await context.execute("console.log('l\\0g'); return 'a\\0b\\ud800' + 'c\0d'")
      assert.equal(success(result), 'a\0b\ud800c\0d')
      assert.deepEqual(result.logs, ['l\0g'])
    }))

  test('maxToolResultSize: a catchable RangeError inside', async () => {
    const driver = createIsolateDriver({ maxToolResultSize: 1000 })
    const bindings = { t: async (/** @type {number} */ n) => 'x'.repeat(n) }
    const code = `
      const ok = (await t(998)).length
      try { await t(999) } catch (e) { return [ok, e.name, e.message] }`
    const [ok, name, message] = await evaluate(code, { driver, bindings })
    assert.deepEqual([ok, name], [998, 'RangeError'])
    assert.match(message, /maxToolResultSize/)
  })

  test('maxToolInputSize: a catchable RangeError inside', async () => {
    const driver = createIsolateDriver({ maxToolInputSize: 1000 })
    const bindings = { t: async (/** @type {string} */ s) => s.length }
    const code = `
      const ok = await t('x'.repeat(998))
      try { await t('x'.repeat(999)) } catch (e) { return [ok, e.name, e.message] }`
    const [ok, name, message] = await evaluate(code, { driver, bindings })
    assert.deepEqual([ok, name], [998, 'RangeError'])
    assert.match(message, /maxToolInputSize/)
  })

  test('maxResultSize and maxCodeSize: LimitError', async () => {
    const driver = createIsolateDriver({ maxResultSize: 100, maxCodeSize: 1000 })
    await withContext({ driver }, async (context) => {
      assert.equal(success(await context.execute("return 'x'.repeat(98)")).length, 98)
      const big = failure(await context.execute("return 'x'.repeat(99)"))
      assert.deepEqual([big.name, big.code], ['LimitError', 'maxResultSize'])
      const long = failure(await context.execute(`//${'x'.repeat(1000)}`))
      assert.deepEqual([long.name, long.code], ['LimitError', 'maxCodeSize'])
      assert.equal(success(await context.execute('return 1')), 1)
    })
  })
})

describe('nothing is left unhandled', () => {
  test('calls that nobody waits for, and that settle when all is over', async () => {
    /** @type {unknown[]} */
    const unhandled = []
    /** @param {unknown} reason */
    const note = (reason) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    try {
      const over = pending()
      let called = 0
      let settled = 0
      const bindings = {
        quick: async () => 1,
        fails: async () => {
          throw new Error('never heard')
        },
        late: async () => {
          called++
          await over.promise
          settled++
          throw new Error('late')
        },
        lateValue: async () => {
          called++
          await over.promise
          settled++
          return 5n
        },
      }
      // Those before a call that is answered have been made.
      const code = 'fails({}); late({}); lateValue({}); return await quick({})'
      assert.equal(await evaluate(code, { bindings }), 1)
      const timedOut = { bindings, timeout: 30 }
      assert.equal((await errorOf('await late({})', timedOut)).name, 'TimeoutError')
      over.resolve()
      await until('all have settled', () => settled === called)
      assert.ok(called >= 2)
      await sleep(10)
    } finally {
      process.off('unhandledRejection', note)
    }
    assert.deepEqual(unhandled, [])
  })
})
