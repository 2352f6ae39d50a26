// The caller's own code while a program runs: listeners that throw, tools that throw in every way,
// signals, and calls into the context from within all of them.
// @ts-check
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { createPool } from '@hutch/isolate'
import { createIsolateDriver } from '@hutch/isolate/tanstack'

import { bind, sleep, spawnFixture, success } from './support.js'

const pool = createPool()
after(() => pool.close())

/** What makes a promise of any object; biome wants it nowhere by its name. */
const THEN = ['t', 'hen'].join('')
const never = () => new Promise(() => {})

/** A signal that counts its listeners. */
function countedSignal() {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  for (const [verb, step] of /** @type {const} */ ([
    ['addEventListener', 1],
    ['removeEventListener', -1],
  ])) {
    const original = signal[verb].bind(signal)
    signal[verb] = (/** @type {[any, any]} */ ...parameters) => {
      listeners += step
      original(...parameters)
    }
  }
  return { controller, signal, listeners: () => listeners }
}

describe('onLog that throws', () => {
  const code = `
    for (let i = 0; i < 5; i++) console.log(i)
    END`
  /** @type {[string, string][]} */
  const ends = [
    ['a program that has returned', 'return 1'],
    ['a program that throws', 'throw new Error("own")'],
    ['a program that computes', 'for (;;) {}'],
    ['a program that waits for a tool', 'await never({})'],
    ['a program that goes on to write', 'for (;;) { console.log("more"); await null }'],
  ]
  for (const [what, end] of ends) {
    test(`${what}: entries before it were heard, none after it, and the context goes on`, async () => {
      const context = pool.open({ tools: { never } })
      const error = new Error('listener')
      /** @type {string[]} */
      const heard = []
      const { signal, listeners } = countedSignal()
      const running = context.run(code.replace('END', end), {
        signal,
        onLog({ text }) {
          heard.push(text)
          if (text === '2') {
            throw error
          }
        },
      })
      await assert.rejects(running, (reason) => reason === error)
      assert.deepEqual(heard, ['0', '1', '2'])
      assert.equal(listeners(), 0)
      assert.equal(await context.run('return 2'), 2)
      assert.deepEqual(heard, ['0', '1', '2'])
      context.close()
    })
  }

  test('calls before the entry are made, those after it are not', async () => {
    /** @type {string[]} */
    const order = []
    const context = pool.open({
      tools: { a: () => order.push('a'), b: () => order.push('b') },
    })
    const running = context.run("a({}); console.log('log'); await b({}); await b({})", {
      onLog({ text }) {
        order.push(text)
        throw new Error('listener')
      },
    })
    await assert.rejects(running, { message: 'listener' })
    assert.deepEqual(order, ['a', 'log'])
    context.close()
  })

  test('whatever it throws is what run rejects with', async () => {
    const context = pool.open()
    const reasons = [undefined, null, 0, 'text', Symbol('s'), Promise.resolve(1), new Proxy({}, {})]
    for (const reason of reasons) {
      let caught = false
      await context
        .run('console.log(1)', {
          onLog() {
            throw reason
          },
        })
        .catch((thrown) => {
          caught = true
          assert.equal(thrown, reason)
        })
      assert.ok(caught)
    }
    context.close()
  })

  test('an asynchronous one that rejects while the program runs stops it the same way', async () => {
    const context = pool.open({ tools: { never } })
    const running = context.run("console.log('x'); await never({})", {
      async onLog() {
        await sleep(5)
        throw new Error('asynchronous')
      },
    })
    await assert.rejects(running, { message: 'asynchronous' })
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('one that rejects when the run is over is an unhandled rejection, and not lost', async () => {
    const { ended } = spawnFixture('late-listener.js')
    assert.deepEqual(await ended, {
      status: 0,
      signal: null,
      output: '{"unhandled":"late listener"}\n',
    })
  })

  test('run does not wait for an asynchronous one', async () => {
    const context = pool.open()
    assert.equal(await context.run("console.log('x'); return 1", { onLog: never }), 1)
    context.close()
  })
})

describe('calls into the context from onLog', () => {
  test('close: what was read is heard, run rejects with a DisposedError, once', async () => {
    const context = pool.open()
    let rejections = 0
    const heard = /** @type {string[]} */ ([])
    const running = context.run("console.log('a'); for (;;) {}", {
      onLog({ text }) {
        heard.push(text)
        context.close()
      },
    })
    await assert.rejects(
      running.catch((error) => {
        rejections++
        throw error
      }),
      { name: 'DisposedError' },
    )
    assert.equal(rejections, 1)
    assert.deepEqual(heard, ['a'])
    assert.equal(context.closed, true)
  })

  test('one entry is heard at a time', async () => {
    const context = pool.open()
    let inside = 0
    await context
      .run("console.log('a'); console.log('b'); console.log('c'); await null; for (;;) {}", {
        onLog() {
          inside++
          assert.equal(inside, 1)
          context.close()
          inside--
        },
      })
      .catch((error) => assert.equal(error.name, 'DisposedError'))
  })

  test('run and start: a program is running, even if its end has been read', async () => {
    const context = pool.open()
    /** @type {Promise<void>[]} */
    const inner = []
    const value = await context.run("console.log('x'); return 1", {
      onLog() {
        inner.push(assert.rejects(context.run('return 2'), { code: 'HUTCH_WRONG_STATE' }))
        assert.throws(() => context.start('return 3'), { code: 'HUTCH_WRONG_STATE' })
      },
    })
    assert.equal(value, 1)
    assert.equal(inner.length, 1)
    await Promise.all(inner)
    assert.equal(await context.run('return 4'), 4)
    context.close()
  })

  test('stop, and abort', async () => {
    const context = pool.open()
    const code = "console.log('x'); for (;;) {}"
    await assert.rejects(context.run(code, { onLog: () => context.stop() }), { name: 'AbortError' })
    const { controller, signal, listeners } = countedSignal()
    const onLog = () => controller.abort(new Error('enough'))
    await assert.rejects(context.run(code, { onLog, signal }), { message: 'enough' })
    assert.equal(listeners(), 0)
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('stop, and abort, of a program that floods: nothing more is heard of it', async () => {
    const context = pool.open({ maxLogEntries: 1e6, maxLogLength: 1e8 })
    const code = "for (;;) console.log('x')"
    for (const end of ['stop', 'abort']) {
      const controller = new AbortController()
      let heard = 0
      const onLog = () => {
        if (++heard === 3) {
          end === 'stop' ? context.stop() : controller.abort()
        }
      }
      await assert.rejects(context.run(code, { onLog, signal: controller.signal }), {
        name: 'AbortError',
      })
      assert.equal(heard, 3, end)
    }
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('close of the whole pool, from onLog, a tool, and after next', async () => {
    for (const at of ['onLog', 'tool']) {
      const own = createPool({ spare: 0 })
      const context = own.open({ tools: { end: () => at === 'tool' && own.close() } })
      const other = own.open({ tools: { never } }).run('await never({})')
      const running = context.run("console.log('x'); await end({}); for (;;) {}", {
        onLog: () => at === 'onLog' && own.close(),
      })
      await assert.rejects(running, { name: 'DisposedError' })
      await assert.rejects(other, { name: 'DisposedError' })
      assert.equal(own.closed, true)
    }
    const own = createPool({ spare: 0 })
    const context = own.open({ tools: ['t'] })
    context.start('await t({})')
    const call = await context.next()
    own.close()
    assert.ok(call.type === 'tool_call')
    context.reply(call.id, 1)
    const end = await context.next()
    assert.ok(end.type === 'failed' && end.failure === 'disposed')
    await assert.rejects(context.next(), { name: 'DisposedError' })
    assert.throws(() => context.start(''), { name: 'DisposedError' })
  })
})

describe('tools that fail in every way', () => {
  const hostile = new Proxy(
    {},
    {
      get() {
        throw new Error('trap')
      },
      has() {
        throw new Error('trap')
      },
      getPrototypeOf() {
        throw new Error('trap')
      },
    },
  )
  const ownThen = Promise.resolve(1)
  Reflect.set(ownThen, THEN, () => {
    throw new Error('own then')
  })
  const ownConstructor = Promise.resolve(1)
  Object.defineProperty(ownConstructor, 'constructor', {
    get() {
      throw new Error('constructor')
    },
  })
  /** A thenable.
   *
   * @param {(resolve: (value?: any) => void, reject: (reason?: any) => void) => void} then
   */
  const thenable = (then) => ({ [THEN]: then })
  /** @type {[string, () => unknown, unknown][]} */
  const TOOLS = [
    [
      'throws',
      () => {
        throw new RangeError('sync')
      },
      'RangeError: sync',
    ],
    ['rejects', () => Promise.reject(new RangeError('later')), 'RangeError: later'],
    [
      'throws something hostile',
      () => {
        throw hostile
      },
      'Error: [unprintable]',
    ],
    ['rejects with something hostile', () => Promise.reject(hostile), 'Error: [unprintable]'],
    ['returns something hostile', () => hostile, 'Error: trap'],
    [
      'returns a thenable that throws',
      () =>
        thenable(() => {
          throw new Error('thenable')
        }),
      'Error: thenable',
    ],
    [
      'returns a thenable that resolves, resolves and throws',
      () =>
        thenable((resolve) => {
          resolve('first')
          resolve('second')
          throw new Error('after')
        }),
      'first',
    ],
    [
      'returns a thenable that resolves to one that throws',
      () =>
        thenable((resolve) =>
          resolve(
            thenable(() => {
              throw new Error('inner')
            }),
          ),
        ),
      'Error: inner',
    ],
    [
      'returns what has a then that throws when read',
      () => ({
        get [THEN]() {
          throw new Error('getter')
        },
      }),
      'Error: getter',
    ],
    ['returns a promise whose own then throws', () => ownThen, 1],
    ['returns a promise whose constructor throws', () => ownConstructor, 'Error: constructor'],
    [
      'returns a cycle',
      () => {
        const cycle = /** @type {any} */ ([])
        cycle.push(cycle)
        return cycle
      },
      /^TypeError: /,
    ],
    ['returns a BigInt', () => 1n, /^TypeError: /],
  ]
  for (const [what, t, expected] of TOOLS) {
    test(`a tool that ${what}`, async () => {
      /** @type {unknown[]} */
      const unhandled = []
      const note = (/** @type {unknown} */ reason) => unhandled.push(reason)
      process.on('unhandledRejection', note)
      const code = 'try { return await t({}) } catch (e) { return e.name + ": " + e.message }'
      const context = pool.open({ tools: { t } })
      const driven = await createIsolateDriver().createContext({ bindings: bind({ t }) })
      const values = [await context.run(code), success(await driven.execute(code))]
      for (const value of values) {
        if (expected instanceof RegExp) {
          assert.match(String(value), expected)
        } else {
          assert.equal(value, expected)
        }
      }
      context.close()
      await driven.dispose()
      await sleep(1)
      process.off('unhandledRejection', note)
      assert.deepEqual(unhandled, [])
    })
  }

  test('a tool that rejects when the run has long been over', async () => {
    /** @type {(reason: unknown) => void} */
    let fail = () => {}
    const context = pool.open({
      tools: {
        t: () =>
          new Promise((_, reject) => {
            fail = reject
          }),
      },
      timeout: 60,
    })
    await assert.rejects(context.run('await t({})'), { name: 'TimeoutError' })
    fail(hostile)
    await sleep(1)
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })
})

describe('signals', () => {
  test('every end takes the listener off', async () => {
    /** @type {[string, string, object][]} */
    const ends = [
      ['done', 'return 1', {}],
      ['thrown', 'throw 1', {}],
      ['syntax', 'return return', {}],
      ['timeout', 'for (;;) {}', { timeout: 50 }],
      ['after a call', 'return await t({})', {}],
      ['too long', `return ${'1'.repeat(2000)}`, {}],
      ['a listener that throws', 'console.log(1)', { onLog: () => assert.fail('listener') }],
    ]
    const context = pool.open({ tools: { t: () => 1 }, maxCodeSize: 1000 })
    for (const [what, code, options] of ends) {
      const { signal, listeners } = countedSignal()
      await context.run(code, { ...options, signal }).catch(() => {})
      assert.equal(listeners(), 0, what)
    }
    const { signal, listeners } = countedSignal()
    await assert.rejects(context.run('return 1', { signal, timeout: -1 }), RangeError)
    assert.equal(listeners(), 0, 'bad options')
    const running = context.run('await t({}); for (;;) {}', { signal })
    await assert.rejects(context.run('return 1', { signal }), { code: 'HUTCH_WRONG_STATE' })
    assert.equal(listeners(), 1, 'one runs, one was refused')
    context.close()
    await assert.rejects(running, { name: 'DisposedError' })
    assert.equal(listeners(), 0, 'disposed')
    await assert.rejects(context.run('return 1', { signal }), { name: 'DisposedError' })
    assert.equal(listeners(), 0, 'closed')
  })

  test('many runs with one signal leave no listener', async () => {
    const { signal, listeners } = countedSignal()
    const context = pool.open({ tools: { t: () => 1 } })
    for (let i = 0; i < 100; i++) {
      assert.equal(await context.run('return await t({})', { signal }), 1)
    }
    assert.equal(listeners(), 0)
    context.close()
  })

  test('aborted by a tool, in its synchronous part: no other tool is called', async () => {
    const controller = new AbortController()
    /** @type {string[]} */
    const called = []
    const context = pool.open({
      tools: {
        abort() {
          called.push('abort')
          controller.abort(new Error('by a tool'))
        },
        next: () => called.push('next'),
      },
    })
    const { signal } = controller
    const running = context.run('abort({}); next({}); next({}); await next({})', { signal })
    await assert.rejects(running, { message: 'by a tool' })
    assert.deepEqual(called, ['abort'])
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('aborted before, by the code that makes the options, and in the same job', async () => {
    const context = pool.open({ tools: { never } })
    const controller = new AbortController()
    const options = {
      get timeout() {
        controller.abort(new Error('by a getter'))
        return 1000
      },
      signal: controller.signal,
    }
    await assert.rejects(context.run('return 1', options), { message: 'by a getter' })
    const second = new AbortController()
    const running = context.run('await never({})', { signal: second.signal })
    second.abort()
    await assert.rejects(running, { name: 'AbortError' })
    for (const reason of [undefined, null, 0, 'text']) {
      const third = new AbortController()
      const stopped = context.run('await never({})', { signal: third.signal })
      third.abort(reason)
      await assert.rejects(stopped, (thrown) => thrown === third.signal.reason)
    }
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('an abort that comes when the run is over does nothing', async () => {
    const controller = new AbortController()
    const context = pool.open()
    assert.equal(await context.run('return 1', { signal: controller.signal }), 1)
    const next = context.run('return 2')
    controller.abort()
    assert.equal(await next, 2)
    context.close()
  })
})

describe('start, next, events', () => {
  test('who leaves the loop of events leaves the program as it is', async () => {
    const context = pool.open({ tools: ['t'] })
    context.start("console.log('a'); return await t({})")
    for await (const event of context.events()) {
      assert.deepEqual(event, { type: 'log', level: 'log', text: 'a' })
      break
    }
    assert.throws(() => context.start('return 1'), { code: 'HUTCH_WRONG_STATE' })
    const types = []
    for await (const event of context.events()) {
      types.push(event.type)
      if (event.type === 'tool_call') {
        context.reply(event.id, 1)
      }
    }
    assert.deepEqual([types[0], types.at(-1)], ['tool_call', 'done'])
    context.close()
  })

  test('left by a throw, stopped, and read to its end: the context goes on', async () => {
    const context = pool.open({ tools: ['t'] })
    context.start('await t({})')
    const iterator = context.events()
    await iterator.next()
    await assert.rejects(iterator.throw(new Error('mine')), { message: 'mine' })
    context.stop()
    let last
    for await (const event of context.events()) {
      last = event
    }
    assert.ok(last?.type === 'failed' && last.failure === 'stopped')
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('a program is running until its last event has been taken', async () => {
    const context = pool.open()
    context.start('return 1')
    await sleep(20)
    assert.throws(() => context.start('return 2'), { code: 'HUTCH_WRONG_STATE' })
    await assert.rejects(context.run('return 2'), { code: 'HUTCH_WRONG_STATE' })
    assert.deepEqual(await context.next(), { type: 'done', value: 1 })
    context.start('throw 1')
    assert.equal((await context.next()).type, 'failed')
    context.start('return 3')
    assert.deepEqual(await context.next(), { type: 'done', value: 3 })
    context.close()
  })

  test('stop before anything was read, and twice', async () => {
    const context = pool.open({ tools: ['t'] })
    for (const code of ['for (;;) {}', 'await t({})']) {
      context.start(code)
      context.stop()
      context.stop()
      let event = await context.next()
      while (event.type === 'tool_call' || event.type === 'waiting') {
        event = await context.next()
      }
      assert.ok(event.type === 'failed' && event.failure === 'stopped')
      context.stop()
    }
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('several next at once, and close: one gets the end, the others an error', async () => {
    const context = pool.open({ tools: ['t'] })
    context.start('await t({})')
    await context.next()
    await context.next()
    const pending = [context.next(), context.next(), context.next()]
    context.close()
    const settled = await Promise.allSettled(pending)
    const states = settled.map(({ status }) => status)
    assert.deepEqual(states, ['fulfilled', 'rejected', 'rejected'])
  })

  test('close between start and next', async () => {
    const context = pool.open()
    context.start('return 1')
    context.close()
    const event = await context.next()
    assert.ok(event.type === 'failed' && event.failure === 'disposed')
    await assert.rejects(context.next(), { name: 'DisposedError' })
  })
})
