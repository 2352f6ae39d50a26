// Options are read as own properties only, each once: neither what somebody put on
// Object.prototype nor a getter that changes its mind chooses anything.
// @ts-check
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { createPool } from '@hutch/isolate'
import { checkProgram } from '@hutch/isolate/check'
import { stripTypes } from '@hutch/isolate/strip'
import { createIsolateDriver } from '@hutch/isolate/tanstack'

import { bind, DRIVERS, success } from './support.js'

const pool = createPool()
after(() => pool.close())

/**
 * Run `use` while every object inherits these properties.
 *
 * @template T
 * @param {Record<string, unknown>} properties
 * @param {() => T | Promise<T>} use
 * @param {boolean} [enumerable]  whether the loops of others see them, too
 */
async function polluted(properties, use, enumerable = false) {
  const prototype = /** @type {any} */ (Object.prototype)
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(prototype, name, {
      value,
      enumerable,
      configurable: true,
      writable: true,
    })
  }
  try {
    return await use()
  } finally {
    for (const name of Object.keys(properties)) {
      delete prototype[name]
    }
  }
}

/** Values that every reader of the option would refuse. */
const BAD = {
  timeout: -1,
  cpuTime: -1,
  memoryLimit: 'much',
  maxStackSize: -1,
  maxToolCalls: -1,
  maxOpenToolCalls: -1,
  maxLogEntries: -1,
  maxLogLength: -1,
  maxCodeSize: -1,
  maxToolInputSize: -1,
  maxToolResultSize: -1,
  maxResultSize: -1,
  console: 'loud',
  utcOffset: 'far',
  randomSeed: -1,
  fixedTime: 'never',
  typescript: 'yes',
  hints: 'yes',
  excerpt: 'yes',
  protoKeys: 'eat',
  recycle: 'never',
  trustDomain: {},
  tools: 5,
  onLog: 5,
  signal: 5,
  module: 'yes',
  maxWorkers: -1,
  maxMemoryLimit: -1,
  maxIdle: -1,
  spare: -1,
  maxSpare: -1,
  killGrace: -1,
  workerPath: 5,
}

/** An object whose getters count how often they are asked.
 *
 * @param {Record<string, unknown>} values
 */
function counted(values) {
  /** @type {Record<string, number>} */
  const reads = {}
  const object = {}
  for (const [name, value] of Object.entries(values)) {
    reads[name] = 0
    Object.defineProperty(object, name, {
      enumerable: true,
      get() {
        reads[name] = (reads[name] ?? 0) + 1
        return value
      },
    })
  }
  return { object: /** @type {any} */ (object), reads }
}

/** @param {Record<string, number>} reads */
function assertOnce(reads) {
  for (const [name, count] of Object.entries(reads)) {
    assert.equal(count, 1, `${name} is read once`)
  }
}

describe('what every object inherits is no option', () => {
  test('createPool, open, start, run', () =>
    polluted(BAD, async () => {
      const own = createPool({})
      const context = own.open({})
      assert.equal(await context.run('console.log(1); return 1', {}), 1)
      context.start('return 2', {})
      assert.deepEqual(await context.next(), { type: 'done', value: 2 })
      own.close()
    }))

  for (const [name, createDriver] of DRIVERS) {
    test(`${name} and its contexts`, () =>
      polluted(BAD, async () => {
        const context = await createDriver({}).createContext({ bindings: bind({ t: () => 1 }) })
        assert.equal(success(await context.execute('return await t({})')), 1)
        await context.dispose()
      }))
  }

  test('stripTypes', () =>
    polluted(BAD, () => {
      assert.equal(stripTypes('const a: number = 1', {}).trim(), 'const a         = 1')
    }))

  test('checkProgram, and the process that it starts', () => {
    const { tools, timeout } = BAD
    // Variables of an environment may be inherited; these would end the compiler's process.
    const variables = { NODE_OPTIONS: '--no-such-option', BUN_OPTIONS: '--no-such-option' }
    const use = async () => assert.deepEqual(await checkProgram('return 1', {}), [])
    return polluted({ tools, timeout, ...variables }, use, true)
  })

  test('good values there count as little: tools, limits, listeners', () =>
    polluted({ tools: { evil: () => 'evil' }, maxToolCalls: 0, timeout: 1 }, async () => {
      const context = pool.open({})
      assert.equal(await context.run('return typeof evil'), 'undefined')
      context.close()
      const own = pool.open({ tools: ['own'] })
      await assert.rejects(own.run('return await own()'), /no function was given for the tool own/)
      own.close()
    }))

  test('a function there answers no tool that was only named', () =>
    polluted({ named: () => 'evil' }, async () => {
      const context = pool.open({ tools: ['named'] })
      await assert.rejects(
        context.run('return await named()'),
        /no function was given for the tool named/,
      )
      assert.equal(await context.run('return await named()', { tools: { named: () => 1 } }), 1)
      context.close()
    }))

  test('an execute there makes no tool of an empty binding', () =>
    polluted({ execute: () => 'evil' }, async () => {
      const bindings = /** @type {any} */ ({ t: { name: 't' } })
      await assert.rejects(createIsolateDriver().createContext({ bindings }), {
        name: 'TypeError',
        message: 'bindings.t must have an execute function, got undefined',
      })
    }))

  test('an error has no place, code or stack that its program did not give it', () =>
    polluted({ code: 'evil', line: 3, column: 4, excerpt: 'evil', stack: 'evil' }, async () => {
      const context = pool.open()
      await assert.rejects(context.run('throw "text"'), (/** @type {any} */ error) => {
        assert.deepEqual(
          [error.code, error.line, error.column, error.excerpt],
          [undefined, undefined, undefined, undefined],
        )
        return true
      })
      context.close()
      const driven = await createIsolateDriver().createContext({ bindings: {} })
      const { error } = await driven.execute('throw "text"')
      assert.deepEqual(error, { name: 'Error', message: 'text' })
      await driven.dispose()
    }))
})

describe('what a class inherits is no option either', () => {
  class Options {
    memoryLimit = 16
    get timeout() {
      return -1
    }
    get tools() {
      return { evil: () => 'evil' }
    }
    get nobodyKnows() {
      return 1
    }
  }

  test('own fields of an instance count, getters of its class do not', async () => {
    const context = pool.open(/** @type {any} */ (new Options()))
    assert.equal(await context.run('return typeof evil'), 'undefined')
    await assert.rejects(
      context.run('return "x".repeat(2e7).length + [..."x".repeat(4e6)].length'),
      {
        name: 'MemoryLimitError',
      },
    )
    context.close()
    const config = Object.assign(Object.create({ timeout: -1 }), { bindings: {} })
    await (await createIsolateDriver().createContext(config)).dispose()
    await assert.rejects(createIsolateDriver().createContext(Object.create({ bindings: {} })), {
      message: /^bindings must be an object of tools, got undefined/,
    })
  })

  test('an own property that cannot be enumerated counts', () => {
    const options = Object.defineProperty({}, 'timeout', { value: -1, enumerable: false })
    assert.throws(() => pool.open(options), { name: 'RangeError', message: /^timeout .*got -1/ })
  })

  test('options without any prototype', async () => {
    const options = Object.assign(Object.create(null), { tools: { t: () => 1 }, timeout: 5000 })
    const context = pool.open(options)
    assert.equal(await context.run('return await t({})', Object.create(null)), 1)
    context.close()
  })

  test('execute of a binding may be a method of its class', async () => {
    class Tool {
      name = 't'
      description = ''
      inputSchema = {}
      #secret = 5
      async execute() {
        return this.#secret
      }
    }
    const context = await createIsolateDriver().createContext({ bindings: { t: new Tool() } })
    assert.equal(success(await context.execute('return await t({})')), 5)
    await context.dispose()
  })
})

describe('options are read once', () => {
  test('createPool', () => {
    const { object, reads } = counted({ maxWorkers: 4, maxIdle: 1, spare: 0, workerPath: '' })
    createPool(object).close()
    assertOnce(reads)
  })

  test('open, with tools and a domain', async () => {
    const tools = counted({ t: () => 1 })
    const { object, reads } = counted({
      timeout: 5000,
      memoryLimit: 32,
      console: 'string',
      trustDomain: 'own',
      tools: tools.object,
    })
    const context = pool.open(object)
    assert.equal(await context.run('return await t({})'), 1)
    assert.equal(await context.run('return await t({})'), 1)
    assertOnce(reads)
    assertOnce(tools.reads)
    context.close()
  })

  test('start and run', async () => {
    const context = pool.open({ tools: ['t'] })
    const start = counted({ timeout: 5000 })
    context.start('return 1', start.object)
    await context.next()
    const tools = counted({ t: () => 1 })
    const run = counted({
      timeout: 5000,
      tools: tools.object,
      onLog: () => {},
      signal: new AbortController().signal,
    })
    const code = 'console.log(1); console.log(2); return await t({}) + await t({})'
    assert.equal(await context.run(code, run.object), 2)
    for (const { reads } of [start, tools, run]) {
      assertOnce(reads)
    }
    context.close()
  })

  for (const [name, createDriver] of DRIVERS) {
    test(`${name}, the config of a context, its bindings`, async () => {
      const driver = counted({ timeout: 5000, console: 'string', hints: true, excerpt: true })
      const tool = counted({ execute: async () => 1 })
      const bindings = counted({ t: tool.object })
      const config = counted({ timeout: 4000, memoryLimit: 32, bindings: bindings.object })
      const context = await createDriver(driver.object).createContext(config.object)
      assert.equal(success(await context.execute('return await t({}) + await t({})')), 2)
      for (const { reads } of [driver, tool, bindings, config]) {
        assertOnce(reads)
      }
      await context.dispose()
    })
  }

  test('stripTypes and checkProgram', async () => {
    const strip = counted({ module: true })
    stripTypes('export const a: number = 1', strip.object)
    const check = counted({ tools: 'declare function t(): Promise<1>', timeout: 60_000 })
    assert.deepEqual(await checkProgram('return await t()', check.object), [])
    assertOnce(strip.reads)
    assertOnce(check.reads)
  })

  test('a getter that throws: its error, and nothing is left open', async () => {
    const options = {
      get timeout() {
        throw new Error('getter')
      },
    }
    const before = pool.stats().contexts
    assert.throws(() => pool.open(/** @type {any} */ (options)), { message: 'getter' })
    const tools = {
      get t() {
        throw new Error('tool')
      },
    }
    assert.throws(() => pool.open({ tools: /** @type {any} */ (tools) }), { message: 'tool' })
    assert.equal(pool.stats().contexts, before)
    const context = pool.open()
    await assert.rejects(context.run('return 1', /** @type {any} */ (options)), {
      message: 'getter',
    })
    assert.throws(() => context.start('return 1', /** @type {any} */ (options)), /getter/)
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })
})

describe('tools', () => {
  test('only own enumerable functions count', async () => {
    const tools = Object.create({ inherited: () => 1 })
    Object.defineProperty(tools, 'hidden', { value: () => 1, enumerable: false })
    tools[Symbol('t')] = () => 1
    tools.own = () => 1
    const context = pool.open({ tools })
    const code = 'return [typeof inherited, typeof hidden, typeof own]'
    assert.deepEqual(await context.run(code), ['undefined', 'undefined', 'function'])
    const run = Object.create({ own: () => 2 })
    assert.equal(await context.run('return await own()', { tools: run }), 1)
    context.close()
  })

  test('members of every object are no names of tools', () => {
    const names = ['toString', 'valueOf', 'constructor', 'hasOwnProperty', '__proto__']
    for (const name of names) {
      const record = Object.fromEntries([[name, () => 1]])
      assert.throws(() => pool.open({ tools: [name] }), {
        name: 'TypeError',
        message: RegExp(name),
      })
      assert.throws(() => pool.open({ tools: record }), {
        name: 'TypeError',
        message: RegExp(name),
      })
    }
    const context = pool.open({ tools: ['t'] })
    const proto = JSON.parse('{"__proto__": 5}')
    return assert.rejects(context.run('return 1', { tools: proto }), {
      name: 'TypeError',
      message: 'tools.__proto__ must be a function, got 5',
    })
  })

  test('tools of a run that are no record', async () => {
    const context = pool.open({ tools: ['t'] })
    for (const tools of [null, 5, 'abc', () => 1, ['t']]) {
      await assert.rejects(context.run('return 1', { tools: /** @type {any} */ (tools) }), {
        name: 'TypeError',
        message: /^tools/,
      })
    }
    context.close()
  })
})
