// The contract with TanStack AI, row by row (docs/javascript.md), for both drivers.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { ample, DRIVERS, failure, success, withContext } from './support.js'

for (const [name, createDriver] of DRIVERS) {
  /** @param {import('@hutch/isolate/tanstack').IsolateDriverOptions} [options] */
  // What createIsolateDriver adds to messages is in errors.test.js.
  const fresh = (options) => ({ driver: createDriver({ excerpt: false, ...options }) })

  describe(`${name}: results`, () => {
    test('a value crosses as JSON', () =>
      withContext(fresh(), async (context) => {
        const value = success(await context.execute('return { a: [1, "x", null, true], b: {} }'))
        assert.deepEqual(value, { a: [1, 'x', null, true], b: {} })
      }))

    test('undefined stays undefined', () =>
      withContext(fresh(), async (context) => {
        for (const code of ['', 'return', 'return undefined', 'const a = 1']) {
          const result = await context.execute(code)
          assert.deepEqual(result, { success: true, value: undefined, logs: [] })
        }
      }))

    test('the program is the body of an async function', () =>
      withContext(fresh(), async (context) => {
        assert.equal(success(await context.execute('const a = await 1; return a + 1')), 2)
      }))

    test('text that closes the wrapper is a syntax error', () =>
      withContext(fresh(), async (context) => {
        const breakout = 'return 1 } ; async function other() { return 2'
        assert.equal(failure(await context.execute(breakout)).name, 'SyntaxError')
      }))

    test('code that is no string is a TypeError in the result', () =>
      withContext(fresh(), async (context) => {
        for (const code of [undefined, null, 5, {}, Symbol('s'), 5n, () => {}]) {
          const error = failure(await context.execute(/** @type {any} */ (code)))
          assert.equal(error.name, 'TypeError')
          assert.match(error.message, /^code must be a string, got /)
        }
      }))

    test('execute and dispose may be taken off their context', async () => {
      const { execute, dispose } = await createDriver().createContext({ bindings: {} })
      assert.equal(success(await execute('return 1')), 1)
      await dispose()
      assert.equal(failure(await execute('return 1')).name, 'DisposedError')
    })
  })

  describe(`${name}: options`, () => {
    test('the driver has a timeout, and the own one of a context wins', async () => {
      await withContext(fresh({ timeout: 80 }), async (context) => {
        assert.equal(failure(await context.execute('for (;;) {}')).name, 'TimeoutError')
      })
      const patient = { ...fresh({ timeout: 60_000 }), timeout: 80 }
      await withContext(patient, async (context) => {
        assert.equal(failure(await context.execute('for (;;) {}')).name, 'TimeoutError')
      })
    })

    test('the driver has a memoryLimit, and the own one of a context wins', async () => {
      const code = 'return new Uint8Array(30 * 1024 * 1024).length'
      await withContext(fresh({ memoryLimit: 16 }), async (context) => {
        assert.equal(failure(await context.execute(code)).name, 'MemoryLimitError')
      })
      await withContext({ ...fresh({ memoryLimit: 16 }), memoryLimit: 64 }, async (context) => {
        assert.equal(success(await context.execute(code)), 30 * 1024 * 1024)
      })
      await withContext({ ...fresh({ memoryLimit: 64 }), memoryLimit: 16 }, async (context) => {
        assert.equal(failure(await context.execute(code)).name, 'MemoryLimitError')
      })
    })

    test('128 MB are the default: 100 fit, 140 do not', async () => {
      const code = '(mb) => new Uint8Array(mb * 1024 * 1024).length'
      await withContext(fresh(), async (context) => {
        assert.equal(success(await context.execute(`return (${code})(100)`)), 100 * 1024 * 1024)
      })
      await withContext(fresh(), async (context) => {
        assert.equal(
          failure(await context.execute(`return (${code})(140)`)).name,
          'MemoryLimitError',
        )
      })
    })

    test('maxStackSize decides how deep calls go; 512 KiB are the default', async () => {
      const depthOf = 'let n = 0; const f = () => { n++; f() }; try { f() } catch {} return n'
      /** @param {number | undefined} maxStackSize */
      const depth = (maxStackSize) =>
        withContext(fresh(maxStackSize === undefined ? {} : { maxStackSize }), async (context) =>
          success(await context.execute(depthOf)),
        )
      const [small, standard, named, large] = [
        await depth(128 * 1024),
        await depth(undefined),
        await depth(512 * 1024),
        await depth(2 * 1024 * 1024),
      ]
      assert.equal(standard, named)
      assert.ok(small < standard && standard < large, `${small} < ${standard} < ${large}`)
    })
  })

  describe(`${name}: console`, () => {
    test('levels but log have a prefix', () =>
      withContext(fresh(), async (context) => {
        const { logs } = await context.execute(`
          console.log('a', 1); console.info('b'); console.warn('c'); console.error('d', 'e')
          console.debug('f'); console.log()
        `)
        assert.deepEqual(logs, ['a 1', 'INFO: b', 'WARN: c', 'ERROR: d e', 'DEBUG: f', ''])
      }))

    test('logs of a failed program are kept', () =>
      withContext(fresh(), async (context) => {
        const result = await context.execute("console.log('before'); throw new Error('x')")
        assert.deepEqual(result.logs, ['before'])
        failure(result)
      }))

    test('logs belong to their run', () =>
      withContext(fresh(), async (context) => {
        await context.execute("console.log('first')")
        assert.deepEqual((await context.execute("console.log('second')")).logs, ['second'])
      }))

    test('10,000 entries, then one [log output truncated]', () =>
      withContext(fresh(), async (context) => {
        const many = 'for (let i = 0; i < 10100; i++) console.log(i)'
        for (let run = 0; run < 2; run++) {
          const { logs = [] } = await context.execute(many)
          assert.equal(logs.length, 10_001)
          assert.equal(logs[9_999], '9999')
          assert.equal(logs[10_000], '[log output truncated]')
        }
        const { logs } = await context.execute('for (let i = 0; i < 10000; i++) console.log(i)')
        assert.equal(logs?.length, 10_000)
        assert.equal(logs?.at(-1), '9999')
      }))

    test('1,000,000 UTF-16 units, then one [log output truncated]', () =>
      withContext(fresh(), async (context) => {
        const { logs = [] } = await context.execute(
          "for (let i = 0; i < 10; i++) console.log('\u{1F600}'.repeat(100000))",
        )
        assert.equal(logs.at(-1), '[log output truncated]')
        const units = logs.slice(0, -1).reduce((sum, text) => sum + text.length, 0)
        assert.ok(units > 700_000 && units <= 1_000_000, `${units} units`)
        assert.equal(logs.filter((text) => text === '[log output truncated]').length, 1)
      }))

    test('a value that cannot be printed does no harm', () =>
      withContext(fresh(), async (context) => {
        const result = await context.execute(`
          const angry = () => { throw new Error('no') }
          console.log({ toString: angry, valueOf: angry, get a() { angry() } })
          console.log(new Proxy({}, { get: angry, ownKeys: angry, getPrototypeOf: angry }))
          console.log(Symbol('s'), null, undefined, 5n, -0, Object.create(null))
          return 1
        `)
        assert.equal(success(result), 1)
        assert.equal(result.logs?.length, 3)
      }))
  })

  describe(`${name}: the budget of tool calls`, () => {
    test('beyond it there is a catchable error', () =>
      withContext(
        { ...fresh({ maxToolCalls: 3 }), bindings: { t: async () => 1 } },
        async (context) => {
          const code = `
            let made = 0
            try { for (;;) { await t({}); made++ } } catch (error) {
              return [made, error instanceof Error, error.message]
            }`
          const expected = [3, true, 'Exceeded the maximum of 3 tool calls per execution']
          assert.deepEqual(success(await context.execute(code)), expected)
          // The budget is per execution.
          assert.deepEqual(success(await context.execute(code)), expected)
        },
      ))

    test('an uncaught one is the error of the program', () =>
      withContext(
        { ...fresh({ maxToolCalls: 0 }), bindings: { t: async () => 1 } },
        async (context) => {
          const { message } = failure(await context.execute('await t({})'))
          assert.equal(message, 'Exceeded the maximum of 0 tool calls per execution')
        },
      ))

    test('1,000 are the default', () =>
      withContext({ ...fresh(), bindings: { t: async () => 1 } }, async (context) => {
        const code = 'for (let i = 0; i < COUNT; i++) await t({}); return "done"'
        assert.equal(success(await context.execute(code.replace('COUNT', '1000'))), 'done')
        const { message } = failure(await context.execute(code.replace('COUNT', '1001')))
        assert.equal(message, 'Exceeded the maximum of 1000 tool calls per execution')
      }))
  })

  describe(`${name}: errors`, () => {
    test('TimeoutError', () =>
      withContext({ ...fresh(), timeout: 80 }, async (context) => {
        assert.equal(failure(await context.execute('for (;;) {}')).name, 'TimeoutError')
      }))

    test('a tool that never settles is a TimeoutError', () =>
      withContext(
        { ...fresh(), timeout: 80, bindings: { never: () => new Promise(() => {}) } },
        async (context) => {
          assert.equal(failure(await context.execute('await never({})')).name, 'TimeoutError')
        },
      ))

    test('a program that cannot be interrupted: TimeoutError, its logs, and the context is gone', async () => {
      const endless = `
        console.log('one'); console.warn('two')
        const [hay, needle] = ['a'.repeat(2 ** 24) + 'b', 'a'.repeat(2 ** 23) + 'c']
        return hay.indexOf(needle)`
      /** @param {number} timeout */
      const attempt = (timeout) =>
        withContext({ ...fresh(), timeout }, async (context) => {
          const result = await context.execute(endless)
          assert.equal(failure(result).name, 'TimeoutError')
          const next = await context.execute('return 1')
          return next.success ? undefined : { logs: result.logs, next: failure(next).name }
        })
      // Where the context lives on, its deadline has come before the program was in its loop.
      let timeout = 500
      let gone = await attempt(timeout)
      while (gone === undefined) {
        timeout *= 2
        gone = await attempt(timeout)
      }
      assert.deepEqual(gone, { logs: ['one', 'WARN: two'], next: 'DisposedError' })
    })

    test('MemoryLimitError, and the context is gone', () =>
      withContext({ ...fresh(), memoryLimit: 16 }, async (context) => {
        const code = 'const all = []; for (;;) all.push(new Array(10000).fill(7))'
        const error = failure(await context.execute(code))
        assert.equal(error.name, 'MemoryLimitError')
        assert.match(error.message, /memory limit/)
        assert.deepEqual(await context.execute('return 1'), {
          success: false,
          error: { name: 'DisposedError', message: 'Context has been disposed' },
          logs: [],
        })
      }))

    test('StackOverflowError, and the context is gone', () =>
      withContext(fresh(), async (context) => {
        const error = failure(await context.execute('const f = () => f() + 1; return f()'))
        assert.equal(error.name, 'StackOverflowError')
        assert.match(error.message, /stack/)
        assert.equal(failure(await context.execute('return 1')).name, 'DisposedError')
      }))

    test('a stack overflow can be caught inside', () =>
      withContext(fresh(), async (context) => {
        const code =
          'const f = () => f() + 1; try { f() } catch (e) { return e instanceof RangeError }'
        assert.equal(success(await context.execute(code)), true)
        assert.equal(success(await context.execute('return 2')), 2)
      }))

    test('DisposedError after dispose', async () => {
      const context = await createDriver().createContext({ bindings: {} })
      await context.dispose()
      assert.deepEqual(await context.execute('return 1'), {
        success: false,
        error: { name: 'DisposedError', message: 'Context has been disposed' },
        logs: [],
      })
    })

    test('a promise that nobody can resolve fails at once', () =>
      withContext({ ...fresh(), timeout: 600_000 }, async (context) => {
        const error = failure(await context.execute('await new Promise(() => {})'))
        assert.match(error.message, /no host work/)
        assert.equal(success(await context.execute('return 1')), 1)
      }))

    test('name, message and position of a thrown Error are kept', () =>
      withContext(fresh(), async (context) => {
        const code = 'const a = 1\n\n    throw new TypeError("bad " + a)'
        const error = failure(await context.execute(code))
        assert.equal(error.name, 'TypeError')
        assert.equal(error.message, 'bad 1')
        assert.match(error.stack ?? '', /:3:\d+/)
      }))

    test('a syntax error has its position', () =>
      withContext(fresh(), async (context) => {
        const error = failure(await context.execute('const a = 1\nconst b = = 2\n'))
        assert.equal(error.name, 'SyntaxError')
        assert.match(error.stack ?? '', /:2:\d+/)
      }))

    test('code of an Error is kept', () =>
      withContext(fresh(), async (context) => {
        const code = "throw Object.assign(new Error('x'), { code: 'E_FULL' })"
        assert.equal(failure(await context.execute(code)).code, 'E_FULL')
      }))

    for (const [code, expected] of [
      ["throw 'just text'", { message: 'just text' }],
      ["throw { name: 'Odd', message: 'thing' }", { name: 'Odd', message: 'thing' }],
      ["throw new (class Mine extends Error { name = 'Mine' })('m')", { name: 'Mine' }],
      ["throw new Error('')", { name: 'Error', message: '' }],
    ]) {
      test(`thrown: ${code}`, () =>
        withContext(fresh(), async (context) => {
          const error = failure(await context.execute(String(code)))
          assert.deepEqual({ ...error, .../** @type {object} */ (expected) }, error)
        }))
    }

    for (const thrown of [
      'null',
      'undefined',
      '5',
      '5n',
      "Symbol('s')",
      '() => 1',
      'Object.create(null)',
      '{ get name() { throw 1 }, get message() { throw 2 }, get stack() { throw 3 } }',
      '{ toString() { throw 1 }, valueOf() { throw 2 } }',
      '{ name: { toString() { throw 1 } }, message: 5 }',
      'new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })',
      'new Proxy(new Error("p"), { get() { return this } })',
      "Object.defineProperty(new Error('x'), 'message', { get() { return this.message } })",
    ]) {
      test(`a thrown ${thrown} does the host no harm`, () =>
        withContext(fresh(), async (context) => {
          const error = failure(await context.execute(`throw ${thrown}`))
          assert.equal(typeof error.name, 'string')
          assert.notEqual(error.name, '')
          assert.equal(typeof error.message, 'string')
          assert.equal(success(await context.execute('return 1')), 1)
        }))
    }
  })

  describe(`${name}: after a timeout`, () => {
    /**
     * A timed-out context lives on, as its guest can be interrupted. On a machine that is busy
     * elsewhere, too: the pool waits for a worker that gets no processor.
     *
     * @param {Record<string, (input: any) => any>} bindings
     * @param {(context: import('./support.js').IsolateContext) => Promise<void>} provoke
     * @param {string} later
     */
    const afterTimeout = async (bindings, provoke, later) => {
      const config = { ...fresh(), timeout: ample(300), bindings }
      const result = await withContext(config, async (context) => {
        await provoke(context)
        return context.execute(later)
      })
      return success(result)
    }

    test('the context stays usable, with its globals', async () => {
      const value = await afterTimeout(
        {},
        async (context) => {
          await context.execute('globalThis.kept = 7')
          assert.equal(failure(await context.execute('for (;;) {}')).name, 'TimeoutError')
        },
        'return kept',
      )
      assert.equal(value, 7)
    })

    test('stale jobs of the run never run', async () => {
      const endless = `
        globalThis.steps = 0
        const step = async () => { for (;;) { await null; steps++ } }
        step(); step(); await step()`
      const later =
        'const before = steps; await t({}); await null; await t({}); return steps - before'
      const value = await afterTimeout(
        { t: async () => 1 },
        async (context) => {
          assert.equal(failure(await context.execute(endless)).name, 'TimeoutError')
        },
        later,
      )
      assert.equal(value, 0)
    })

    test('answers to calls of the run are dropped', async () => {
      /** @type {(value: unknown) => void} */
      let release = () => {}
      const slow = () =>
        new Promise((resolve) => {
          release = resolve
        })
      const value = await afterTimeout(
        { slow, quick: async () => 'quick' },
        async (context) => {
          const code = 'globalThis.seen = "nothing"; globalThis.seen = await slow({})'
          assert.equal(failure(await context.execute(code)).name, 'TimeoutError')
          release('late')
        },
        'return [await quick({}), await quick({}), seen]',
      )
      assert.deepEqual(value, ['quick', 'quick', 'nothing'])
    })
  })

  describe(`${name}: one context, many executes`, () => {
    test('globals persist', () =>
      withContext(fresh(), async (context) => {
        await context.execute('globalThis.a = [1]; var local = 1; function f() {}')
        const code = 'a.push(2); return [a, typeof local, typeof f]'
        assert.deepEqual(success(await context.execute(code)), [[1, 2], 'undefined', 'undefined'])
      }))

    test('executes queue up, in order', () =>
      withContext({ ...fresh(), bindings: { tick: async () => 1 } }, async (context) => {
        await context.execute('globalThis.order = []')
        const runs = Array.from({ length: 20 }, (_, i) =>
          context.execute(`order.push("in ${i}"); await tick({}); order.push("out ${i}")`),
        )
        ;(await Promise.all(runs)).forEach(success)
        const expected = Array.from({ length: 20 }, (_, i) => [`in ${i}`, `out ${i}`]).flat()
        assert.deepEqual(success(await context.execute('return order')), expected)
      }))

    test('what was queued goes before what is executed when its predecessor has ended', () =>
      withContext(fresh(), async (context) => {
        const note = (/** @type {string} */ name) =>
          `globalThis.order = (globalThis.order ?? '') + '${name}'; return order`
        const first = context.execute(note('A'))
        const second = context.execute(note('B'))
        await first
        const third = context.execute(note('C'))
        assert.equal(success(await second), 'AB')
        assert.equal(success(await third), 'ABC')
      }))

    test('getters of a config may open contexts of their own', async () => {
      const { driver } = fresh()
      const bindings = {
        get tool() {
          driver.createContext({ bindings: {}, timeout: 50 }).then((inner) => inner.dispose())
          return { name: 'tool', description: '', inputSchema: {}, execute: async () => 1 }
        },
      }
      const context = await driver.createContext({ bindings, timeout: ample(20_000) })
      const code = 'const end = Date.now() + 120; while (Date.now() < end); return 1'
      assert.equal(success(await context.execute(code)), 1)
      await context.dispose()
    })

    test('10,000 executes may wait in the queue', () =>
      withContext(fresh(), async (context) => {
        const runs = Array.from({ length: 10_000 }, (_, i) => context.execute(`return ${i}`))
        const values = (await Promise.all(runs)).map(success)
        assert.deepEqual(
          values,
          Array.from({ length: 10_000 }, (_, i) => i),
        )
      }))

    test('dispose waits for a program that computes; those behind it are told', async () => {
      const context = await createDriver().createContext({ bindings: {} })
      /** @type {string[]} */
      const order = []
      const code = 'const end = Date.now() + 50; while (Date.now() < end); return "ok"'
      const running = context.execute(code).then((result) => {
        order.push('run')
        return result
      })
      const behind = context.execute('return 2')
      const disposals = [context.dispose(), context.dispose()].map((disposal) =>
        disposal.then(() => order.push('dispose')),
      )
      assert.equal(failure(await context.execute('return 3')).name, 'DisposedError')
      assert.equal(success(await running), 'ok')
      assert.equal(failure(await behind).name, 'DisposedError')
      await Promise.all(disposals)
      await context.dispose()
      assert.deepEqual(order, ['run', 'dispose', 'dispose'])
    })
  })

  test(`${name}: a tool result that does not fit is a MemoryLimitError`, async () => {
    const bindings = { big: async () => 'x'.repeat(40_000_000) }
    await withContext({ ...fresh(), memoryLimit: 16, bindings }, async (context) => {
      const error = failure(await context.execute('return (await big({})).length'))
      assert.equal(error.name, 'MemoryLimitError')
      assert.equal(failure(await context.execute('return 1')).name, 'DisposedError')
    })
  })
}

const [[, createIsolateDriver], [, createQuickJSBunIsolateDriver]] = DRIVERS

test('console.log of an object: { a: 1 }, and [object Object] in the drop-in', async () => {
  const code = "console.log({ a: 1 }, [1, 'x'], 'text', null)"
  await withContext({ driver: createIsolateDriver() }, async (context) => {
    assert.deepEqual((await context.execute(code)).logs, ["{ a: 1 } [ 1, 'x' ] text null"])
  })
  await withContext({ driver: createQuickJSBunIsolateDriver() }, async (context) => {
    assert.deepEqual((await context.execute(code)).logs, ['[object Object] 1,x text null'])
  })
  await withContext({ driver: createIsolateDriver({ console: 'string' }) }, async (context) => {
    assert.deepEqual((await context.execute(code)).logs, ['[object Object] 1,x text null'])
  })
  await withContext(
    { driver: createQuickJSBunIsolateDriver({ console: 'inspect' }) },
    async (c) => {
      assert.deepEqual((await c.execute(code)).logs, ["{ a: 1 } [ 1, 'x' ] text null"])
    },
  )
})

test('a value that cannot be printed is [unprintable] in the drop-in', async () => {
  await withContext({ driver: createQuickJSBunIsolateDriver() }, async (context) => {
    const code = 'console.log("a", { toString() { throw 1 } }, Object.create(null))'
    assert.deepEqual((await context.execute(code)).logs, ['a [unprintable] [unprintable]'])
  })
})
