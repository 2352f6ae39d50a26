// Bad arguments: a TypeError or RangeError that names the option, the value and what is expected.
// Names, defaults and ranges are compared with the table of include/hutch/limits.h.
// @ts-check
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'

import { createPool } from '@hutch/isolate'
import { createIsolateDriver, createQuickJSBunIsolateDriver } from '@hutch/isolate/tanstack'

import { DRIVERS, errorOf, evaluate } from './support.js'

const MIB = 1024 * 1024

/** The tables of the C headers, as the package has them. */
const { CONTEXT_OPTIONS, POOL_OPTIONS } = await import(
  new URL('./base/tables.js', import.meta.resolve('@hutch/isolate')).href
)

/** @typedef {{ option: string, kind: string, choices: string[], unit: string, standard: number,
 *   minimum: number, maximum: number }} Row */

/** @type {Row[]} */
const LIMITS = CONTEXT_OPTIONS.filter((/** @type {Row} */ { kind }) => kind === 'limit')
/** @type {Row[]} */
const OTHERS = CONTEXT_OPTIONS.filter(
  (/** @type {Row} */ { kind, option }) => kind !== 'limit' && option !== 'trustDomain',
)

test('the tables have rows of every kind, and defaults within their ranges', () => {
  const kinds = new Set(CONTEXT_OPTIONS.map((/** @type {Row} */ row) => row.kind))
  assert.deepEqual([...kinds].sort(), ['choice', 'domain', 'flag', 'limit', 'whole'])
  for (const { standard, minimum, maximum } of [...CONTEXT_OPTIONS, ...POOL_OPTIONS]) {
    assert.ok(standard >= minimum && standard <= maximum)
  }
})

const docs = readFileSync(new URL('../../docs/javascript.md', import.meta.url), 'utf8')

test('docs/javascript.md has every limit, with its default and range', () => {
  for (const { option, standard, minimum, maximum } of LIMITS) {
    const scale = option === 'memoryLimit' ? MIB : 1
    const [a, b, c] = [standard, minimum, maximum].map((value) => {
      return scale !== 1 && value === 1 ? 'above 0' : String(value / scale)
    })
    assert.ok(docs.includes(`| \`${option}\` | ${a} | ${b} | ${c} |`), `a row for ${option}`)
  }
})

test('docs/javascript.md has every other option, with its default', () => {
  for (const { option, kind, choices, standard } of OTHERS) {
    const row = docs.split('\n').find((line) => line.startsWith(`| \`${option}\` |`))
    assert.ok(row !== undefined, `a row for ${option}`)
    const value = kind === 'choice' ? `'${choices[standard]}'` : String(standard === 1)
    assert.ok(kind === 'whole' || row.includes(value), `${option}: ${row}`)
    for (const choice of choices) assert.ok(docs.includes(`'${choice}'`), choice)
  }
})

test('docs/javascript.md has every option of a pool, with its default', () => {
  for (const { option, standard, minimum, maximum } of POOL_OPTIONS) {
    const row = docs.split('\n').find((line) => line.startsWith(`| \`${option}\` | ${standard} |`))
    assert.ok(row?.includes(`| ${minimum} | ${maximum} |`), `a row for ${option}, ${standard}`)
  }
})

/** The declarations that an editor shows. */
const declared = readFileSync(
  new URL('./addon/options.d.ts', import.meta.resolve('@hutch/isolate')),
  'utf8',
)

/** How a comment may write a number down. @param {number} number */
function waysToWrite(number) {
  const units = ['', ' KiB', ' MiB', ' GiB', ' TiB']
  return units.map((unit, i) => `${number / 1024 ** i}${unit}`)
}

/** @param {Row & { given: number }} row */
function standardsOf({ option, kind, choices, standard }) {
  if (kind === 'choice') return [`'${choices[standard]}'`]
  if (kind === 'flag') return [String(standard === 1)]
  return waysToWrite(option === 'memoryLimit' ? standard / MIB : standard)
}

test('the comment of every option says its default, and its range where it says one', () => {
  for (const row of [...LIMITS, ...OTHERS, ...POOL_OPTIONS]) {
    const before = declared.slice(0, declared.indexOf(` ${row.option}?: `))
    const comment = before.slice(before.lastIndexOf('/**')).replace(/\s+\*?\s*/g, ' ')
    const [, standard] = /[Dd]efault:? ('[^']+'|\w+( [KMGT]iB)?)/.exec(comment) ?? []
    const isWhat = row.given >= 0 || standardsOf(row).includes(standard ?? '')
    assert.ok(isWhat, `${row.option}: ${comment}`)
    const [, from, to] = /(-?\d+(?: [KMGT]iB)?) to (\d+(?: [KMGT]iB)?)[,.]/.exec(comment) ?? []
    if (from === undefined || to === undefined) continue
    assert.ok(waysToWrite(row.minimum).includes(from), `${row.option}: ${comment}`)
    assert.ok(waysToWrite(row.maximum).includes(to), `${row.option}: ${comment}`)
  }
})

const NOT_NUMBERS = ['5', null, true, {}, [], 5n, Symbol('s'), () => 5]

/** What the old driver had, and took as any number; null was not given. */
const OLD = ['timeout', 'memoryLimit', 'maxStackSize', 'maxToolCalls']

describe('createQuickJSBunIsolateDriver: options that the old driver had', () => {
  for (const option of OLD) {
    test(`${option}: any number, of a driver and of a context`, async () => {
      for (const value of [0, 0.5, 1.5, -1, 1e15, Number.POSITIVE_INFINITY, null, undefined]) {
        const options = /** @type {any} */ ({ [option]: value })
        const driver = createQuickJSBunIsolateDriver(options)
        const context = await driver.createContext({ bindings: {}, ...options })
        await context.dispose()
      }
    })

    test(`${option}: nothing else`, () => {
      for (const value of ['5', true, {}, Number.NaN]) {
        const make = () => createQuickJSBunIsolateDriver(/** @type {any} */ ({ [option]: value }))
        assert.throws(make, { message: new RegExp(`^${option} must be a`) })
      }
    })
  }

  test('there is no queueMicrotask unless told, but in the other driver', async () => {
    const code = 'return typeof queueMicrotask'
    const [old, told, other] = await Promise.all(
      [
        createQuickJSBunIsolateDriver(),
        createQuickJSBunIsolateDriver({ queueMicrotask: true }),
        createIsolateDriver(),
      ].map((driver) => evaluate(code, { driver })),
    )
    assert.deepEqual([old, told, other], ['undefined', 'function', 'function'])
  })
})

for (const [name, createDriver] of DRIVERS) {
  describe(`${name}: a limit below what the realm needs`, () => {
    test('is met by the first run', async () => {
      for (const [option, value, error] of /** @type {const} */ ([
        ['memoryLimit', 0.1, 'MemoryLimitError'],
        ['memoryLimit', 1e-9, 'MemoryLimitError'],
        ['maxStackSize', 1, 'StackOverflowError'],
      ])) {
        const driver = createDriver({ [option]: value })
        assert.equal((await errorOf('return 1', { driver })).name, error)
      }
    })
  })

  const isDropIn = createDriver === createQuickJSBunIsolateDriver
  describe(`${name}: bad options`, () => {
    for (const { option, minimum, maximum } of LIMITS) {
      if (isDropIn && OLD.includes(option)) {
        continue
      }
      const scale = option === 'memoryLimit' ? MIB : 1

      test(`${option}: no number`, () => {
        for (const value of NOT_NUMBERS) {
          assert.throws(
            () => createDriver(/** @type {any} */ ({ [option]: value })),
            (/** @type {Error} */ error) =>
              error instanceof TypeError &&
              error.message.startsWith(`${option} must be a`) &&
              error.message.includes(' got '),
          )
        }
      })

      test(`${option}: out of range`, () => {
        const values = [
          Number.NaN,
          -1,
          Number.NEGATIVE_INFINITY,
          minimum === 0 || scale === 1 ? minimum - 1 : 0,
        ]
        if (maximum !== Number.POSITIVE_INFINITY) {
          values.push(maximum / scale + 1, Number.POSITIVE_INFINITY)
        }
        if (option !== 'memoryLimit') {
          values.push(minimum + 0.5)
        }
        for (const value of values) {
          assert.throws(
            () => createDriver({ [option]: value }),
            (/** @type {Error} */ error) =>
              error instanceof RangeError &&
              error.message.startsWith(`${option} must be a`) &&
              error.message.includes(
                scale === 1
                  ? `from ${minimum} to ${maximum}`
                  : `above 0, at most ${maximum / scale}`,
              ) &&
              error.message.endsWith(`got ${value}`),
            `${option}: ${value}`,
          )
        }
      })

      test(`${option}: the edges of its range are fine`, () => {
        createDriver({ [option]: minimum / scale })
        createDriver({ [option]: maximum / scale })
        createDriver({ [option]: undefined })
      })
    }

    test('memoryLimit may be a fraction', () => {
      createDriver({ memoryLimit: 2.5 })
    })

    for (const [option, wrongType, outOfRange] of /** @type {const} */ ([
      ['utcOffset', '60', 1440],
      ['utcOffset', null, -1440],
      ['utcOffset', {}, 0.5],
      ['randomSeed', '1', -1],
      ['randomSeed', 5n, 0.5],
      ['fixedTime', '2020', Number.NaN],
      ['console', 5, 'pretty'],
    ])) {
      test(`${option}: ${String(wrongType)} and ${outOfRange}`, () => {
        const match = new RegExp(`^${option} must be .*, got `)
        const bad = (/** @type {unknown} */ value) => () =>
          createDriver(/** @type {any} */ ({ [option]: value }))
        assert.throws(bad(wrongType), { name: 'TypeError', message: match })
        assert.throws(bad(outOfRange), { name: 'RangeError', message: match })
      })
    }

    for (const option of ['typescript', 'hints', 'excerpt']) {
      test(`${option} is true or false`, () => {
        for (const value of [0, 1, 'true', null, {}]) {
          assert.throws(() => createDriver(/** @type {any} */ ({ [option]: value })), {
            name: 'TypeError',
            message: new RegExp(`^${option} must be true or false, got `),
          })
        }
        createDriver({ [option]: true })
        createDriver({ [option]: false })
      })
    }

    test('an option that nobody knows', () => {
      assert.throws(() => createDriver(/** @type {any} */ ({ memorylimit: 5 })), {
        name: 'TypeError',
        message: /^the options of a driver have no option "memorylimit"; there are .*memoryLimit/,
      })
    })

    test('options that are no object', () => {
      for (const options of [null, 5, 'timeout', true, [], ['timeout'], () => {}]) {
        assert.throws(() => createDriver(/** @type {any} */ (options)), {
          name: 'TypeError',
          message: /^the options of a driver must be an object, got /,
        })
      }
    })
  })
}

describe('bad configs of createContext reject', () => {
  const driver = createIsolateDriver()
  const fine = { name: 't', description: '', inputSchema: {}, execute: async () => 1 }
  /** @type {[string, unknown, string, RegExp][]} */
  const CONFIGS = [
    ['undefined', undefined, 'TypeError', /config/],
    ['null', null, 'TypeError', /config/],
    ['no bindings', {}, 'TypeError', /^bindings must be an object/],
    ['bindings null', { bindings: null }, 'TypeError', /^bindings must be an object.*null/],
    ['bindings a function', { bindings: () => {} }, 'TypeError', /^bindings must be an object/],
    ['a binding null', { bindings: { t: null } }, 'TypeError', /bindings\.t must be a tool/],
    ['a binding without execute', { bindings: { t: {} } }, 'TypeError', /bindings\.t .*execute/],
    [
      'execute no function',
      { bindings: { t: { execute: 5 } } },
      'TypeError',
      /bindings\.t .*execute/,
    ],
    ['timeout negative', { bindings: {}, timeout: -5 }, 'RangeError', /^timeout .*-5/],
    ['timeout 0', { bindings: {}, timeout: 0 }, 'RangeError', /^timeout /],
    ['timeout NaN', { bindings: {}, timeout: Number.NaN }, 'RangeError', /^timeout .*NaN/],
    ['timeout text', { bindings: {}, timeout: '5' }, 'TypeError', /^timeout .*"5"/],
    ['timeout null', { bindings: {}, timeout: null }, 'TypeError', /^timeout .*null/],
    [
      'memoryLimit NaN',
      { bindings: {}, memoryLimit: Number.NaN },
      'RangeError',
      /^memoryLimit .*NaN/,
    ],
    ['memoryLimit 0', { bindings: {}, memoryLimit: 0 }, 'RangeError', /^memoryLimit /],
    ['memoryLimit huge', { bindings: {}, memoryLimit: 1e9 }, 'RangeError', /^memoryLimit /],
    ['memoryLimit text', { bindings: {}, memoryLimit: '128' }, 'TypeError', /^memoryLimit /],
  ]
  for (const [what, config, name, message] of CONFIGS) {
    test(what, async () => {
      const promise = driver.createContext(/** @type {any} */ (config))
      assert.ok(promise instanceof Promise)
      await assert.rejects(promise, { name, message })
    })
  }

  test('keys of a config that nobody knows are ignored', async () => {
    const config = /** @type {any} */ ({ bindings: { t: fine }, later: 1 })
    await (await driver.createContext(config)).dispose()
  })

  test('a bad config costs nothing of the driver', async () => {
    await assert.rejects(driver.createContext({ bindings: {}, timeout: -1 }))
    const context = await driver.createContext({ bindings: {} })
    assert.deepEqual(await context.execute('return 1'), { success: true, value: 1, logs: [] })
    await context.dispose()
  })

  test('only own enumerable bindings count', async () => {
    const bindings = Object.create({ inherited: fine })
    Object.defineProperty(bindings, 'hidden', { value: fine, enumerable: false })
    bindings.own = fine
    const context = await driver.createContext({ bindings })
    const code = 'return [typeof inherited, typeof hidden, typeof own]'
    assert.deepEqual((await context.execute(code)).value, ['undefined', 'undefined', 'function'])
    await context.dispose()
  })
})

describe('bad arguments of the low level', () => {
  const anything = /** @type {any} */ (null)

  test('createPool', () => {
    for (const [options, name, message] of /** @type {[any, string, RegExp][]} */ ([
      [null, 'TypeError', /options of a pool/],
      [{ nope: 1 }, 'TypeError', /"nope"/],
      [{ maxWorkers: 0 }, 'RangeError', /^maxWorkers .*from 1 to 65536, got 0/],
      [{ maxWorkers: '5' }, 'TypeError', /^maxWorkers /],
      [{ maxIdle: -1 }, 'RangeError', /^maxIdle /],
      [{ spare: 1.5 }, 'RangeError', /^spare /],
      [{ maxSpare: -1 }, 'RangeError', /^maxSpare /],
      [{ killGrace: Number.NaN }, 'RangeError', /^killGrace /],
      [{ maxHeldSize: 2 ** 20 - 1 }, 'RangeError', /^maxHeldSize .*from 1048576 to/],
      [{ maxHeldSize: 2 ** 40 + 1 }, 'RangeError', /^maxHeldSize /],
      [{ maxHeldSize: '1' }, 'TypeError', /^maxHeldSize /],
      [{ maxMemoryLimit: 1 }, 'RangeError', /^maxMemoryLimit .*from 2 to 4096, got 1/],
      [{ maxMemoryLimit: 4097 }, 'RangeError', /^maxMemoryLimit /],
      [{ maxMemoryLimit: 2.5 }, 'RangeError', /^maxMemoryLimit /],
      [{ maxMemoryLimit: '64' }, 'TypeError', /^maxMemoryLimit /],
      [{ workerPath: 5 }, 'TypeError', /^workerPath /],
      [{ workerPath: 'a\0b' }, 'TypeError', /^workerPath must be the path .*, got "a\\u0000b"$/],
    ])) {
      assert.throws(() => createPool(options), { name, message })
    }
  })

  test('open, start, run, reply', async () => {
    const pool = createPool()
    for (const [options, name, message] of /** @type {[any, string, RegExp][]} */ ([
      [null, 'TypeError', /options of a context/],
      [{ tool: [] }, 'TypeError', /"tool".*tools/],
      [{ tools: 'abc' }, 'TypeError', /^tools must be/],
      [{ tools: [5] }, 'TypeError', /^tools must be/],
      [{ tools: { a: 5 } }, 'TypeError', /^tools\.a must be a function/],
      [{ timeout: 0 }, 'RangeError', /^timeout /],
      [{ trustDomain: -1 }, 'RangeError', /^trustDomain /],
      [{ trustDomain: {} }, 'TypeError', /^trustDomain must be a name or a whole number, got /],
    ])) {
      assert.throws(() => pool.open(options), { name, message })
    }
    const context = pool.open({ tools: ['t'] })
    assert.throws(() => context.start(anything), { name: 'TypeError', message: /^code must be/ })
    assert.throws(() => context.start('1', { timeout: -1 }), { name: 'RangeError' })
    assert.throws(() => context.start('1', anything), { name: 'TypeError' })
    assert.throws(() => context.reply(/** @type {any} */ ('1'), 1), { name: 'TypeError' })
    for (const [options, name, message] of /** @type {[any, string, RegExp][]} */ ([
      [{ nope: 1 }, 'TypeError', /"nope"/],
      [{ tools: { u: () => 1 } }, 'TypeError', /tools\.u/],
      [{ tools: { t: 5 } }, 'TypeError', /tools\.t must be a function/],
      [{ onLog: 5 }, 'TypeError', /^onLog /],
      [{ signal: {} }, 'TypeError', /^signal /],
      [{ timeout: 0.5 }, 'RangeError', /^timeout /],
    ])) {
      await assert.rejects(context.run('return 1', options), { name, message })
    }
    assert.equal(await context.run('return 1'), 1)
    pool.close()
  })
})
