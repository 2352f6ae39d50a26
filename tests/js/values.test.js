// What crosses has many values: limits by their number, pieces with turns of the event loop between
// them, JSON as text, and members __proto__.
// @ts-check
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { createPool, RunError } from '@hutch/isolate'
import { createIsolateDriver, createQuickJSBunIsolateDriver } from '@hutch/isolate/tanstack'

import { errorOf, evaluate } from './support.js'

/** Most of a text, and of a turn. */
const MOST_VALUES = 10_000
const MOST_BYTES = 256 * 1024

const pool = createPool()
after(() => pool.close())

/** @param {unknown} value @returns {number} */
function countValues(value) {
  return typeof value !== 'object' || value === null
    ? 1
    : Object.values(value).reduce((/** @type {number} */ sum, item) => sum + countValues(item), 1)
}

/**
 * Counts, while `use` runs, what is parsed in one text and in one turn of the event loop.
 *
 * @param {() => Promise<void>} use
 */
async function watchParsing(use) {
  const parse = JSON.parse
  const seen = { values: 0, length: 0, longestString: 0, turnValues: 0, turns: 0 }
  let now = 0
  let goesOn = true
  JSON.parse = (text, ...rest) => {
    const value = parse(text, ...rest)
    const values = countValues(value)
    now += values
    seen.values = Math.max(seen.values, values)
    seen.length = Math.max(seen.length, text.length)
    seen.turnValues = Math.max(seen.turnValues, now)
    return value
  }
  const ticks = (async () => {
    while (goesOn) {
      now = 0
      seen.turns += 1
      await turn()
    }
  })()
  try {
    await use()
  } finally {
    JSON.parse = parse
    goesOn = false
    await ticks
  }
  return seen
}

describe('limits by the number of values', () => {
  test('a result: LimitError, and the context goes on', async () => {
    const context = pool.open({ maxResultValues: 4 })
    assert.deepEqual(await context.run("return [1, { a: 'b' }]"), [1, { a: 'b' }])
    await assert.rejects(
      () => context.run("return [1, { a: 'b' }, null]"),
      (error) =>
        error instanceof RunError &&
        error.name === 'LimitError' &&
        error.code === 'maxResultValues' &&
        error.usable,
    )
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('a tool input: a catchable RangeError inside', async () => {
    const driver = createIsolateDriver({ maxToolInputValues: 3 })
    const code =
      'await t([1, 2]); try { await t([1, 2, 3]) } catch (e) { return [e.name, e.message] }'
    assert.deepEqual(await evaluate(code, { driver, bindings: { t: () => 1 } }), [
      'RangeError',
      'The input has more JSON values than maxToolInputValues, which is 3',
    ])
  })

  test('the defaults refuse ten million empty objects in time', async () => {
    const context = pool.open({ tools: { t: (/** @type {any} */ x) => x.length } })
    const rows = 'const r = Array(1000).fill({}); const rows = Array(3000).fill(r);'
    await assert.rejects(() => context.run(`${rows} return rows`), { name: 'LimitError' })
    await assert.rejects(() => context.run(`${rows} return await t(rows)`), { name: 'RangeError' })
    context.close()
  })

  test('a number has at most 4096 characters', async () => {
    const context = pool.open({ tools: { t: (/** @type {any} */ x) => x } })
    const digits = (/** @type {number} */ n) => `JSON.rawJSON('0.' + '3'.repeat(${n} - 2))`
    assert.deepEqual(await context.run(`return [${digits(4096)}, await t(${digits(4096)})]`), [
      1 / 3,
      1 / 3,
    ])
    await assert.rejects(
      () => context.run(`return [${digits(4097)}]`),
      (error) => error instanceof RunError && error.name === 'LimitError' && error.usable,
    )
    const caught = `return await t({ a: ${digits(2e7)} }).catch((e) => e.name + ': ' + e.message)`
    assert.equal(
      await context.run(caught),
      'RangeError: The input has a number of more than 4096 characters',
    )
    context.close()
  })

  test('nesting has ten thousand levels', async () => {
    const driver = createIsolateDriver({ maxStackSize: 16 * 1024 * 1024 })
    const nested = 'const nested = (n) => { let v = []; while (--n > 0) v = [v]; return v };'
    let depth = 0
    for (let v = await evaluate(`${nested} return nested(10000)`, { driver }); v; v = v[0]) {
      depth += 1
    }
    assert.equal(depth, 10_000)
    const error = await errorOf(`${nested} return nested(10001)`, { driver })
    assert.deepEqual([error.name, error.code], ['LimitError', 'maxResultValues'])
  })
})

/** Programs that make a large value, in the guest as here. */
const LARGE = {
  'an array of numbers': 'Array.from({ length: 50_000 }, (_, i) => i / 7)',
  'arrays of objects':
    "Array.from({ length: 300 }, (_, i) => Array(99).fill({ i, s: 'x', n: null }))",
  'an object of many members':
    "Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => ['k' + i, [i, {}]]))",
  'names that are numbers, and in no order':
    "Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [i % 3 ? String(99_999 - i) : 'b' + i, i]))",
  'names that mean something': `Object.fromEntries(
    ['constructor', 'toString', '', '"', '\\\\', 'é', '\\u2028', '😀'].map((k) => [k, Array(3000).fill(k)]))`,
  'values on many levels': `(() => {
    const build = (n) => n === 0 ? [] : { a: Array(20).fill(n), b: build(n - 1), c: [n, [n]], d: 'x' + n }
    return build(400)
  })()`,
  'long strings beyond ASCII':
    "Array.from({ length: 50 }, (_, i) => ({ s: 'aé日😀'.repeat(3000 + i), t: '\\ud800' }))",
  'one string': "'日x'.repeat(200_000)",
  'a wide row in a deep place':
    '[[[[{ a: { b: Array(40_000).fill(true), c: 1 }, d: [2] }, 3], 4]], 5]',
}

/** @param {string} expression */
const here = (expression) => new Function(`return ${expression}`)()

describe('large JSON comes in pieces', () => {
  for (const [what, expression] of Object.entries(LARGE)) {
    test(`${what}: as a result and as a tool's input it is what JSON.parse makes of it`, async () => {
      const expected = JSON.stringify(here(expression))
      /** @type {unknown} */
      let input
      const context = pool.open({
        tools: {
          take(value) {
            input = value
            return JSON.stringify(value).length
          },
        },
      })
      const length = await context.run(`return await take(${expression})`)
      assert.equal(length, expected.length)
      assert.ok(JSON.stringify(input) === expected, 'the input, the order of its members included')
      const result = await context.run(`return ${expression}`)
      assert.ok(JSON.stringify(result) === expected, 'the result')
      assert.deepEqual(result, JSON.parse(expected))
      context.close()
    })
  }

  test('no text and no turn has more values than ten thousand', async () => {
    const context = pool.open({ tools: { take: () => 1 } })
    const rows = 'Array.from({ length: 400 }, (_, i) => Array(99).fill({ i }))'
    const values = 1 + 400 * (1 + 99 * 2)
    const seen = await watchParsing(async () => {
      assert.equal(countValues(await context.run(`return ${rows}`)), values)
      assert.equal(await context.run(`return await take(${rows})`), 1)
    })
    assert.ok(seen.values <= MOST_VALUES, `${seen.values} values in one text`)
    assert.ok(seen.length <= MOST_BYTES + 2, `${seen.length} units in one text`)
    assert.ok(seen.turnValues <= MOST_VALUES, `${seen.turnValues} values in one turn`)
    assert.ok(seen.turns >= (2 * values) / MOST_VALUES, `${seen.turns} turns`)
    context.close()
  })

  test('contexts that do so at once share the turns', async () => {
    const contexts = Array.from({ length: 8 }, () => pool.open())
    const code = 'return Array.from({ length: 100 }, () => Array(199).fill(0))'
    const seen = await watchParsing(async () => {
      for (const result of await Promise.all(contexts.map((context) => context.run(code)))) {
        assert.equal(countValues(result), 1 + 100 * 200)
      }
    })
    assert.ok(seen.turnValues <= MOST_VALUES, `${seen.turnValues} values in one turn`)
    for (const context of contexts) {
      context.close()
    }
  })

  test('many calls with less each do not come in one turn', async () => {
    const context = pool.open({ tools: { take: () => 1 } })
    const code = 'return Promise.all(Array.from({ length: 20 }, () => take(Array(4000).fill(0))))'
    const seen = await watchParsing(async () => {
      assert.equal(/** @type {unknown[]} */ (await context.run(code)).length, 20)
    })
    assert.ok(seen.turnValues <= MOST_VALUES, `${seen.turnValues} values in one turn`)
    context.close()
  })

  test('what has few is parsed at once', async () => {
    const context = pool.open()
    const seen = await watchParsing(async () => {
      await context.run('return Array(4999).fill(0)')
    })
    assert.equal(seen.values, 5000)
    context.close()
  })
})

describe('pieces are put together as JSON.parse would', () => {
  const KIND = { items: 0, array: 1, object: 2, close: 3 }

  /**
   * What becomes of pieces, each a list of steps.
   *
   * @param {[keyof typeof KIND, string?][][]} pieces
   */
  async function assembled(pieces) {
    const { Assembly } = await import(
      new URL('../../js/dist/addon/assembly.js', import.meta.url).href
    )
    const header = new Uint32Array(512)
    let next = 0
    const native = {
      header,
      contextPiece() {
        const steps = pieces[next++] ?? []
        header.set([steps.length, next === pieces.length ? 1 : 0], 6)
        header.set(
          steps.flatMap(([kind, text = '']) => [KIND[kind], 0, text.length]),
          8,
        )
        return steps.map(([, text = '']) => text).join('')
      },
    }
    let result
    const assembly = new Assembly(false, true, (/** @type {any} */ _, /** @type {any} */ whole) => {
      result = whole.value
    })
    while (!assembly.take(native, 0)) {
      // The next piece.
    }
    assembly.deliver({})
    return result
  }

  test('of members with one name the last counts, at the place of the first', async () => {
    const value = await assembled([
      [['object'], ['items', '"a":1,"b":2,"a":3']],
      [
        ['items', '"a":4,"__proto__":{"x":1}'],
        ['object', '"b"'],
        ['items', '"c":[]'],
      ],
      [['close'], ['array', '"\\u0061"'], ['close'], ['items', '"2":0,"1":0'], ['close']],
    ])
    const text =
      '{"a":1,"b":2,"a":3,"a":4,"__proto__":{"x":1},"b":{"c":[]},"\\u0061":[],"2":0,"1":0}'
    assert.equal(JSON.stringify(value), JSON.stringify(JSON.parse(text)))
    assert.equal(Object.getPrototypeOf(value), Object.prototype)
  })

  test('setters of Object.prototype are not asked', async () => {
    let asked = 0
    Object.defineProperty(Object.prototype, 'trap', { configurable: true, set: () => asked++ })
    try {
      const value = await assembled([
        [['object'], ['items', '"trap":1']],
        [['items', '"a":2'], ['close']],
      ])
      assert.equal(JSON.stringify(value), '{"trap":1,"a":2}')
      assert.equal(asked, 0)
    } finally {
      Reflect.deleteProperty(Object.prototype, 'trap')
    }
  })
})

describe('the order of events around a call whose input comes in pieces', () => {
  const LOTS = 'Array(60_000).fill(1)'

  test('logs before and after it, and small calls beside it', async () => {
    const context = pool.open({ tools: ['t'], detached: 'deliver' })
    context.start(`console.log('a'); t(1); t(${LOTS}); console.log('b'); t(2); console.log('c')
      return ${LOTS}`)
    const seen = []
    for await (const event of context.events()) {
      if (event.type === 'log') {
        seen.push(event.text)
      } else if (event.type === 'tool_call') {
        seen.push(Array.isArray(event.input) ? event.input.length : event.input)
      } else if (event.type === 'done') {
        seen.push(/** @type {unknown[]} */ (event.value).length)
      }
    }
    assert.deepEqual(seen, ['a', 1, 60_000, 'b', 2, 'c', 60_000])
    context.close()
  })

  test('an abort while it comes: the tool is not called', async () => {
    let called = 0
    const context = pool.open({
      tools: { small: () => abort.abort(new Error('enough')), t: () => called++ },
    })
    const abort = new AbortController()
    await assert.rejects(
      () => context.run(`small(); await t(${LOTS})`, { signal: abort.signal }),
      /enough/,
    )
    assert.equal(called, 0)
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('closing while it comes: DisposedError, and the tool is not called', async () => {
    let called = 0
    const context = pool.open({ tools: { small: () => context.close(), t: () => called++ } })
    await assert.rejects(() => context.run(`small(); await t(${LOTS})`), { name: 'DisposedError' })
    await turn()
    assert.equal(called, 0)
  })

  test('closing while a result comes', async () => {
    const context = pool.open()
    const ended = assert.rejects(() => context.run(`return ${LOTS}`), { name: 'DisposedError' })
    context.close()
    await ended
  })

  test('a time that runs out while it comes ends the run', async () => {
    const context = pool.open({ tools: { t: () => new Promise(() => {}) } })
    await assert.rejects(() => context.run(`await t(${LOTS})`, { timeout: 50 }), {
      name: 'TimeoutError',
    })
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('a program that fails behind it', async () => {
    const seen = /** @type {unknown[]} */ ([])
    const context = pool.open({ tools: { t: (/** @type {any} */ x) => seen.push(x.length) } })
    await assert.rejects(() => context.run(`t(${LOTS}); throw new TypeError('mine')`), /mine/)
    assert.ok(seen.length <= 1)
    assert.equal(await context.run(`return await t(${LOTS})`), seen.length)
    context.close()
  })
})

describe("values: 'text'", () => {
  test('tools and results have JSON', async () => {
    /** @type {unknown[]} */
    const inputs = []
    const context = pool.open({
      values: 'text',
      tools: {
        t(input) {
          inputs.push(input)
          return { a: [1] }
        },
      },
    })
    assert.equal(await context.run('return await t({ b: "é" })'), '{"a":[1]}')
    assert.equal(await context.run('await t()'), undefined)
    assert.deepEqual(inputs, ['{"b":"é"}', '{}'])
    assert.deepEqual(await context.run('return [1]', { values: 'parsed' }), [1])
    context.close()
  })

  test('events have JSON', async () => {
    const context = pool.open({ tools: ['t'], detached: 'deliver' })
    context.start('t([1]); return null', { values: 'text' })
    const events = []
    for await (const event of context.events()) {
      events.push(event)
    }
    assert.deepEqual(events, [
      { type: 'tool_call', id: 1, name: 't', input: '[1]' },
      { type: 'done', value: 'null' },
    ])
    context.close()
  })

  test('nothing of it is parsed, however large', async () => {
    const context = pool.open({ values: 'text', tools: { t: (text) => `${text}`.length } })
    for (const expression of Object.values(LARGE)) {
      const expected = JSON.stringify(here(expression))
      const seen = await watchParsing(async () => {
        assert.ok((await context.run(`return ${expression}`)) === expected)
        assert.equal(await context.run(`return await t(${expression})`), `${expected.length}`)
      })
      assert.equal(seen.values, 0)
    }
    context.close()
  })

  test('a bad choice is named', () => {
    assert.throws(
      () => pool.open({ values: /** @type {any} */ ('json') }),
      /^RangeError: values must be "parsed" or "text", got "json"$/,
    )
  })
})

describe('members __proto__', () => {
  const MADE = 'JSON.parse(`{"a":1,"__proto__":{"isAdmin":true}}`)'
  const MANY = `({ rows: Array(20_000).fill(0), last: ${MADE} })`
  /** @param {any} input */
  const assign = (input) => Object.assign({}, input).isAdmin === true

  test('are dropped by default: Object.assign in a tool obeys nobody', async () => {
    const context = pool.open({
      tools: { save: assign, last: (/** @type {any} */ x) => assign(x.last) },
    })
    assert.equal(await context.run(`return await save(${MADE})`), false)
    assert.equal(await context.run(`return await last(${MANY})`), false)
    const result = /** @type {object} */ (await context.run(`return ${MADE}`))
    assert.deepEqual(Object.keys(result), ['a'])
    context.close()
    const driver = createIsolateDriver()
    assert.equal(
      await evaluate(`return await save(${MADE})`, { driver, bindings: { save: assign } }),
      false,
    )
  })

  test("stay with 'keep', in large JSON as in small, and in the drop-in", async () => {
    /** @param {any} input */
    const has = (input) => Object.hasOwn(input, '__proto__')
    const context = pool.open({ protoKeys: 'keep', tools: { has } })
    assert.equal(await context.run(`return await has(${MADE})`), true)
    const { last } = /** @type {any} */ (await context.run(`return ${MANY}`))
    assert.deepEqual(Object.keys(last), ['a', '__proto__'])
    assert.equal(Object.getPrototypeOf(last), Object.prototype)
    context.close()
    const driver = createQuickJSBunIsolateDriver()
    assert.equal(await evaluate(`return await has(${MADE})`, { driver, bindings: { has } }), true)
  })

  test("are an error with 'error'", async () => {
    const context = pool.open({ protoKeys: 'error', tools: { save: assign } })
    const code = `try { await save(${MADE}) } catch (e) { return [e.name, e.code] }`
    assert.deepEqual(await context.run(code), ['TypeError', 'protoKeys'])
    await assert.rejects(() => context.run(`return ${MADE}`), {
      name: 'TypeError',
      code: 'protoKeys',
    })
    assert.equal(await context.run("return await save({ a: '__proto__' })"), false)
    context.close()
  })
})
