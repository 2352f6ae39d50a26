// The end of a driver's context, and execute from within its own tools: nobody waits for himself.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { createPool } from '@hutch/isolate'

import { bind, DRIVERS, failure, sleep, success } from './support.js'

/** @typedef {import('@tanstack/ai-code-mode').IsolateContext} IsolateContext */

const DISPOSED = {
  success: false,
  error: { name: 'DisposedError', message: 'Context has been disposed' },
  logs: [],
}

/**
 * What a run says whose calls were not made any more.
 *
 * @param {string} count
 * @param {string} names
 */
function unmade(count, names) {
  const line = `WARN: ${count} not made, as its context was disposed: ${names}`
  return { ...DISPOSED, logs: [line] }
}

/** A promise, and the function that fulfils it. */
function later() {
  /** @type {(value?: any) => undefined} */
  let resolve = () => undefined
  const promise = new Promise((settle) => {
    resolve = (value) => {
      settle(value)
      return undefined
    }
  })
  return { promise, resolve }
}

const never = () => new Promise(() => {})
/** A program that computes for a while. */
const COMPUTE = 'const until = Date.now() + 60; while (Date.now() < until);'

for (const [name, createDriver] of DRIVERS) {
  describe(`${name}: dispose`, () => {
    test('a program that waits for a tool ends with a DisposedError', async () => {
      const called = later()
      const bindings = bind({ ask: () => called.resolve() ?? never() })
      const context = await createDriver().createContext({ bindings })
      const running = context.execute('console.log("before"); return await ask({})')
      const queued = context.execute('return 2')
      await called.promise
      await context.dispose()
      assert.deepEqual(await running, { ...DISPOSED, logs: ['before'] })
      assert.deepEqual(await queued, DISPOSED)
      assert.deepEqual(await context.execute('return 3'), DISPOSED)
      await context.dispose()
    })

    test('at once, before the program has begun', async () => {
      const context = await createDriver().createContext({ bindings: bind({ ask: never }) })
      const running = context.execute('return await ask({})')
      await context.dispose()
      // It may not have come as far as its call.
      const ended = await running
      assert.deepEqual(
        ended,
        ended.logs?.length === 0 ? DISPOSED : unmade('1 tool call was', 'ask'),
      )
    })

    test('several calls open, one of them answered', async () => {
      const called = later()
      const bindings = bind({ quick: () => 1, ask: () => called.resolve() ?? never() })
      const context = await createDriver().createContext({ bindings })
      const running = context.execute('return Promise.all([quick({}), ask({}), ask({})])')
      await called.promise
      await sleep(20)
      await context.dispose()
      assert.deepEqual(await running, DISPOSED)
    })

    test('a program that computes is waited for, an open call or not', async () => {
      const bindings = bind({ ask: never })
      for (const code of [`${COMPUTE} return 1`, `ask({}); ${COMPUTE} return 1`]) {
        const context = await createDriver().createContext({ bindings })
        const running = context.execute(code)
        /** @type {string[]} */
        const order = []
        const ended = running.then(() => order.push('run'))
        await context.dispose().then(() => order.push('dispose'))
        await ended
        assert.equal(success(await running), 1)
        assert.deepEqual(order, ['run', 'dispose'])
      }
    })

    test('a program that computes on an answer is waited for', async () => {
      const called = later()
      const answer = later()
      const bindings = bind({ ask: () => called.resolve() ?? answer.promise })
      const context = await createDriver().createContext({ bindings })
      const running = context.execute(`await ask({}); ${COMPUTE} return 1`)
      await called.promise
      answer.resolve(1)
      // The answer has been sent when the jobs before this one have run.
      await sleep(5)
      await context.dispose()
      assert.equal(success(await running), 1)
    })

    test('a program that computes and then needs a tool ends; the tool is not called', async () => {
      let calls = 0
      const bindings = bind({ ask: () => ++calls })
      const context = await createDriver().createContext({ bindings })
      const running = context.execute(`${COMPUTE} return await ask({})`)
      await context.dispose()
      assert.deepEqual(await running, unmade('1 tool call was', 'ask'))
      assert.equal(calls, 0)
    })

    test('in the synchronous part of a tool that answers at once: its program waits for it', async () => {
      for (const answer of [() => 1, () => Promise.resolve(1), () => ({ toJSON: () => 1 })]) {
        /** @type {IsolateContext} */
        let context
        const bindings = bind({
          end() {
            void context.dispose()
            return answer()
          },
        })
        context = await createDriver().createContext({ bindings })
        assert.deepEqual(await context.execute('return await end({})'), DISPOSED)
        context = await createDriver().createContext({ bindings })
        // It does not wait for it.
        assert.equal(success(await context.execute(`end({}); ${COMPUTE} return 5`)), 5)
      }
    })

    test('from within a tool: in its synchronous part, and later', async () => {
      for (const pause of [() => null, () => sleep(5)]) {
        const disposed = later()
        /** @type {IsolateContext} */
        let context
        const bindings = bind({
          async end() {
            const waiting = pause()
            if (waiting !== null) {
              await waiting
            }
            await context.dispose()
            disposed.resolve('disposed')
            return 1
          },
        })
        context = await createDriver().createContext({ bindings })
        const running = context.execute('return await end({})')
        assert.equal(await disposed.promise, 'disposed')
        assert.deepEqual(await running, DISPOSED)
      }
    })

    test('from within a tool of a program that goes on computing', async () => {
      const disposed = later()
      /** @type {IsolateContext} */
      let context
      const bindings = bind({ end: () => context.dispose().then(disposed.resolve) })
      context = await createDriver().createContext({ bindings })
      const running = context.execute(`end({}); ${COMPUTE} return 1`)
      await disposed.promise
      assert.equal(success(await running), 1)
    })

    test('tools behind the one that disposes are not called', async () => {
      /** @type {string[]} */
      const called = []
      /** @type {IsolateContext} */
      let context
      const bindings = bind({
        end() {
          called.push('end')
          context.dispose()
        },
        next: () => called.push('next'),
      })
      context = await createDriver().createContext({ bindings })
      const code = 'end({}); next({}); next({}); return await next({})'
      const told = unmade('3 tool calls were', 'next, next, next')
      assert.deepEqual(await context.execute(code), told)
      assert.deepEqual(called, ['end'])
    })

    test('while its program is endless, dispose waits for its timeout', async () => {
      const context = await createDriver().createContext({ bindings: {}, timeout: 80 })
      const running = context.execute('for (;;) {}')
      await context.dispose()
      assert.equal(failure(await running).name, 'TimeoutError')
    })
  })

  describe(`${name}: execute within a tool`, () => {
    test('in the synchronous part it fails at once, and says why', async () => {
      /** @type {IsolateContext} */
      let context
      const bindings = bind({ again: () => context.execute('return 1') })
      context = await createDriver().createContext({ bindings })
      const result = success(await context.execute('return await again({})'))
      assert.deepEqual([result.success, result.error.name], [false, 'HutchError'])
      assert.equal(result.error.code, 'HUTCH_WRONG_STATE')
      assert.match(result.error.message, /execute was called by a tool of this context/)
      assert.equal(success(await context.execute('return 2')), 2)
      await context.dispose()
    })

    test('through a tool of another context as well', async () => {
      /** @type {IsolateContext} */
      let outer
      const driver = createDriver()
      const back = () => outer.execute('return 1')
      const inner = await driver.createContext({ bindings: bind({ back }), timeout: 20_000 })
      const across = () => inner.execute('return await back({})')
      outer = await driver.createContext({ bindings: bind({ across }), timeout: 300 })
      const result = await outer.execute('return await across({})')
      // The inner tool is called before the outer one has returned, or the deadline names it.
      if (result.success) {
        assert.match(success(result).value.error.message, /execute was called by a tool/)
      } else {
        assert.match(failure(result).message, /awaits execute of its own context/)
      }
      await inner.dispose()
      await outer.dispose()
    })

    test('after it, it waits; the timeout of a tool that awaits it says so', async () => {
      /** @type {IsolateContext} */
      let context
      /** @type {Promise<any> | undefined} */
      let queued
      const bindings = bind({
        async again() {
          await null
          queued = context.execute('return "queued"')
          return queued
        },
      })
      context = await createDriver().createContext({ bindings, timeout: 100 })
      const error = failure(await context.execute('return await again({})'))
      assert.equal(error.name, 'TimeoutError')
      assert.match(
        error.message,
        /timed out.*; meanwhile a tool was open and 1 execute of this context/,
      )
      assert.match(error.message, /a tool that awaits execute of its own context waits for itself/)
      assert.equal(success(await queued), 'queued')
      await context.dispose()
    })

    test('and how many of them wait', async () => {
      /** @type {IsolateContext} */
      let context
      /** @type {Promise<any>[]} */
      let queued = []
      const bindings = bind({
        async again() {
          await null
          queued = [context.execute('return 1'), context.execute('return 2')]
          return Promise.all(queued)
        },
      })
      context = await createDriver().createContext({ bindings, timeout: 100 })
      const error = failure(await context.execute('return await again({})'))
      assert.match(error.message, /; meanwhile a tool was open and 2 executes of this context had/)
      assert.deepEqual((await Promise.all(queued)).map(success), [1, 2])
      await context.dispose()
    })

    test('a timeout without such a tool says nothing of it', async () => {
      const context = await createDriver().createContext({
        bindings: bind({ ask: never }),
        timeout: 60,
      })
      const first = context.execute('for (;;) {}')
      const second = context.execute('await ask({})')
      for (const result of await Promise.all([first, second])) {
        const { name: error, message } = failure(result)
        assert.equal(error, 'TimeoutError')
        assert.doesNotMatch(message, /awaits execute/)
      }
      await context.dispose()
    })

    test('what others execute meanwhile waits for its turn', async () => {
      const called = later()
      const answer = later()
      const bindings = bind({ ask: () => called.resolve() ?? answer.promise })
      const context = await createDriver().createContext({ bindings })
      const first = context.execute('return await ask({})')
      await called.promise
      const second = context.execute('return 2')
      answer.resolve(1)
      assert.equal(success(await first), 1)
      assert.equal(success(await second), 2)
      await context.dispose()
    })
  })
}

test('run within a tool of the same context is an error of the caller', async () => {
  const pool = createPool()
  const context = pool.open({
    tools: {
      again: () => context.run('return 1'),
      late: () => sleep(5).then(() => context.run('')),
    },
  })
  for (const tool of ['again', 'late']) {
    await assert.rejects(context.run(`return await ${tool}({})`), {
      message: 'a program is running in this context',
      code: 'HUTCH_WRONG_STATE',
    })
  }
  pool.close()
})
