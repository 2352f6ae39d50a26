// Where drivers have their contexts from: the pool of the thread, one of their own, or one that
// they are given.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { createPool } from '@hutch/isolate'
import { close, warm } from '@hutch/isolate/tanstack'

import { bind, DRIVERS, failure, isAlive, ownWorkers, success, until } from './support.js'

const collect = (() => {
  const { Bun } = /** @type {{ Bun?: { gc(force: boolean): void } }} */ (globalThis)
  if (Bun !== undefined) {
    return () => Bun.gc(true)
  }
  setFlagsFromString('--expose-gc')
  return /** @type {() => void} */ (runInNewContext('gc'))
})()

/** @param {import('@tanstack/ai-code-mode').IsolateDriver} driver @param {string} code */
async function evaluateIn(driver, code) {
  const context = await driver.createContext({ bindings: {} })
  const value = success(await context.execute(code))
  await context.dispose()
  return value
}

/** Runs a program in one context after another, keeping them, until one gets no worker; disposes them all.
 *  @returns how many there were */
async function countContexts(/** @type {import('@tanstack/ai-code-mode').IsolateDriver} */ driver) {
  const contexts = []
  for (;;) {
    const context = await driver.createContext({ bindings: {}, timeout: 2000 })
    contexts.push(context)
    const result = await context.execute('return 1')
    if (!result.success) {
      assert.equal(result.error?.name, 'TimeoutError')
      assert.match(result.error?.message ?? '', /in the queue for a worker/)
      await Promise.all(contexts.map((each) => each.dispose()))
      return contexts.length - 1
    }
  }
}

for (const [name, createDriver] of DRIVERS) {
  describe(`${name}: a pool that it is given`, () => {
    test('has its contexts, and stays open when the drivers are closed', async () => {
      const pool = createPool()
      const driver = createDriver({ pool })
      const context = await driver.createContext({ bindings: bind({ ask: () => 5 }) })
      assert.equal(pool.stats().contexts, 1)
      close()
      assert.equal(pool.closed, false)
      assert.equal(success(await context.execute('return await ask()')), 5)
      await context.dispose()
      assert.equal(pool.stats().contexts, 0)
      pool.close()
    })

    test('is closed by its owner: open contexts are disposed, no new ones are made', async () => {
      const pool = createPool()
      const driver = createDriver({ pool })
      const bindings = bind({ never: () => new Promise(() => {}) })
      const context = await driver.createContext({ bindings })
      const running = context.execute('await never()')
      pool.close()
      assert.equal(failure(await running).name, 'DisposedError')
      await assert.rejects(driver.createContext({ bindings }), {
        message: 'this pool has been closed',
      })
    })

    test('its maxWorkers holds for drivers and low-level contexts together', async () => {
      const pool = createPool({ maxWorkers: 3 })
      const context = pool.open()
      await context.run('return 1')
      assert.equal(await countContexts(createDriver({ pool })), 2)
      context.close()
      assert.equal(await countContexts(createDriver({ pool })), 3)
      pool.close()
    })

    test('its maxMemoryLimit bounds the driver, and each context', async () => {
      const pool = createPool({ maxMemoryLimit: 64 })
      const tooMuch = {
        name: 'RangeError',
        message: "memoryLimit must be at most the pool's maxMemoryLimit, 64 MB, got 65",
      }
      assert.throws(() => createDriver({ pool, memoryLimit: 65 }), tooMuch)
      const driver = createDriver({ pool })
      await assert.rejects(driver.createContext({ bindings: {}, memoryLimit: 65 }), tooMuch)
      const context = await driver.createContext({ bindings: {} })
      const { name } = failure(await context.execute("return 'x'.repeat(100 * 2 ** 20).length"))
      assert.match(name, /^(MemoryLimit|Range)Error$/)
      await context.dispose()
      pool.close()
    })

    test('a trust domain is that of the same name in the pool; without one it is nobody else’s', async () => {
      const pool = createPool({ maxIdle: 1, spare: 0 })
      const context = pool.open({ trustDomain: 'tenant' })
      assert.equal(await context.run('globalThis.kept = 1; return 1'), 1)
      context.close()
      await until('the worker is idle', () => pool.stats().idle === 1)
      assert.equal(await evaluateIn(createDriver({ pool, trustDomain: 'tenant' }), 'return 2'), 2)
      assert.equal(pool.stats().workersForked, 1)
      await until('the worker is idle', () => pool.stats().idle === 1)
      assert.equal(await evaluateIn(createDriver({ pool }), 'return 3'), 3)
      // It is counted when the zygote has told of it, which its first answer may overtake.
      await until('the other worker is counted', () => pool.stats().workersForked === 2)
      pool.close()
    })

    test('is a pool, and goes with no option of a pool', () => {
      const pool = createPool()
      for (const wrong of [null, 5, {}, 'pool', createDriver]) {
        assert.throws(() => createDriver(/** @type {any} */ ({ pool: wrong })), {
          name: 'TypeError',
          message: /^pool must be a pool of createPool, got /,
        })
      }
      assert.throws(() => createDriver({ pool, maxWorkers: 2, spare: 0 }), {
        name: 'TypeError',
        message:
          'pool and maxWorkers, spare exclude each other: the options of a pool are given to createPool',
      })
      createDriver({ pool, maxWorkers: undefined })
      createDriver({ pool: undefined, maxWorkers: 2 })
      pool.close()
    })
  })

  describe(`${name}: options of a pool`, () => {
    test('give it a pool of its own', async () => {
      assert.equal(await countContexts(createDriver({ maxWorkers: 2 })), 2)
      const driver = createDriver({ maxWorkers: 1 })
      const shared = createDriver()
      const contexts = await Promise.all(
        [driver, shared, shared].map((from) => from.createContext({ bindings: {} })),
      )
      await Promise.all(contexts.map((context) => context.execute('return 1')))
      assert.equal(await countContexts(driver), 0)
      await Promise.all(contexts.map((context) => context.dispose()))
      close()
    })

    test('close() ends its processes; it goes on with new ones', async () => {
      const driver = createDriver({ spare: 2 })
      const context = await driver.createContext({ bindings: {} })
      const pids = await context.execute('return 1').then(ownWorkers)
      assert.notEqual(pids.length, 0)
      close()
      await until('all processes have ended', () => !pids.some(isAlive))
      assert.equal(failure(await context.execute('return 1')).name, 'DisposedError')
      assert.equal(await evaluateIn(driver, 'return 2'), 2)
      close()
    })

    test('warm() starts its processes', async () => {
      close()
      await until('no process is left', () => ownWorkers().length === 0)
      const driver = createDriver({ spare: 3 })
      warm()
      await until('both pools have their spare ones', () => ownWorkers().length >= 4)
      assert.equal(await evaluateIn(driver, 'return 2'), 2)
      close()
    })

    test('its processes end when nobody has the driver or a context of it any more', async () => {
      close()
      await until('no process is left', () => ownWorkers().length === 0)
      const make = async () => {
        const { execute } = await createDriver({ spare: 0 }).createContext({ bindings: {} })
        success(await execute('globalThis.kept = 1'))
        return execute
      }
      // A collector may take what is left on the stack for something that is in use.
      const [kept, ...others] = await Promise.all(Array.from({ length: 16 }, make))
      assert.equal(ownWorkers().length, 16)
      others.length = 0
      await until('most of the processes have ended', () => ownWorkers().length <= 8, collect)
      assert.equal(success(await kept?.('return kept')), 1)
      close()
    })

    test('are checked when the driver is made', () => {
      for (const [option, wrongType, outOfRange] of /** @type {const} */ ([
        ['maxWorkers', '5', 0],
        ['maxWorkers', null, 65537],
        ['maxIdle', {}, -1],
        ['maxIdle', [], 65537],
        ['spare', '1', 1025],
        ['maxSpare', true, 1025],
        ['killGrace', '5', 0],
        ['killGrace', null, 60001],
        ['maxMemoryLimit', '5', 1],
        ['maxMemoryLimit', '5', 4097],
        ['maxHeldSize', '5', 2 ** 20 - 1],
        ['maxHeldSize', 5n, 2 ** 40 + 1],
      ])) {
        const make = (/** @type {unknown} */ value) => () =>
          createDriver(/** @type {any} */ ({ [option]: value }))
        const message = new RegExp(
          `^${option} must be a whole number(?: of (?:bytes|MB|ms))? from \\d+ to \\d+, got `,
        )
        assert.throws(make(wrongType), { name: 'TypeError', message })
        assert.throws(make(outOfRange), { name: 'RangeError', message })
      }
      for (const [options, range] of /** @type {[any, string][]} */ ([
        [{ maxHeldSize: 1 }, 'bytes from 1048576 to 1099511627776'],
        [{ maxMemoryLimit: 1 }, 'MB from 2 to 4096'],
        [{ killGrace: 0 }, 'ms from 1 to 60000'],
      ])) {
        const message = new RegExp(`must be a whole number of ${range}, got `)
        assert.throws(() => createDriver(options), { name: 'RangeError', message })
      }
      assert.throws(() => createDriver(/** @type {any} */ ({ workerPath: 5 })), {
        name: 'TypeError',
        message: /^workerPath must be a string, got 5/,
      })
      assert.throws(() => createDriver({ maxMemoryLimit: 64, memoryLimit: 128 }), {
        name: 'RangeError',
        message: /^memoryLimit must be at most the pool's maxMemoryLimit, 64 MB, got 128$/,
      })
      createDriver({ maxMemoryLimit: 64 })
    })

    test('that Object.prototype has are none', async () => {
      const polluted = /** @type {any} */ (Object.prototype)
      polluted.maxWorkers = 1
      try {
        for (const driver of [createDriver(), createDriver({ maxIdle: 2 })]) {
          const open = () => driver.createContext({ bindings: {} })
          const contexts = [await open(), await open()]
          await Promise.all(contexts.map((context) => context.dispose()))
        }
      } finally {
        delete polluted.maxWorkers
        close()
      }
    })
  })
}
