// Budgets: what a guest may have open or written at any moment, judged when the last of its code has run;
// and what a pool holds for all of its contexts.
// @ts-check
import assert from 'node:assert/strict'
import process from 'node:process'
import { after, describe, test } from 'node:test'

import { createPool, RunError } from '@hutch/isolate'
import { createIsolateDriver } from '@hutch/isolate/tanstack'

import { until } from './support.js'

const pool = createPool()
after(() => pool.close())

describe('a budget that is met inside of what is judged', () => {
  const nested = (/** @type {string} */ call) =>
    `function n(d) { ${call.replace('HOOK', '() { if (d) n(d - 1); return "d" + d }')} } n(6); return "fine"`

  const innocent = /** @type {const} */ ([
    ['%j', nested('console.log("%j", { toJSONHOOK })'), { maxLogEntries: 2 }],
    ['strings', nested('console.log({ toStringHOOK })'), { maxLogEntries: 2, console: 'string' }],
    ['labels', nested('console.count({ toStringHOOK })'), { maxLogEntries: 2 }],
    [
      'all defaults',
      `for (let i = 0; i < 9999; i++) console.log(i); ${nested('console.log("%j", { toJSONHOOK })')}`,
      {},
    ],
  ])
  for (const [name, code, options] of innocent) {
    test(`logs inside of logs: ${name}`, async () => {
      const context = pool.open(options)
      /** @type {string[]} */
      const logs = []
      assert.equal(await context.run(code, { onLog: ({ text }) => logs.push(text) }), 'fine')
      assert.equal(logs.length, (options.maxLogEntries ?? 10000) + 1)
      assert.equal(logs.at(-1), '[log output truncated]')
      context.close()
    })
  }

  test('calls inside of calls', async () => {
    const tools = { slow: () => new Promise((resolve) => setTimeout(resolve, 1)) }
    const context = pool.open({ tools, maxOpenToolCalls: 1 })
    const code = 'return await slow({ toJSON() { slow({}); return 1 } }).catch((e) => e.message)'
    assert.equal(await context.run(code), 'Exceeded the maximum of 1 tool calls open at once')
    await assert.rejects(context.run('await slow({ toJSON() { slow({}) } })'), (error) => {
      assert.ok(error instanceof RunError)
      return error.failure === 'guest_error'
    })
    assert.equal(await context.run('return "the same context"'), 'the same context')
    context.close()
  })
})

describe('inputs of open calls', () => {
  /** Calls whose inputs are `inputs`, none awaited before all are made: how each of them ended. */
  const callAll = (/** @type {string} */ inputs) =>
    `return (await Promise.allSettled(${inputs}.map((i) => keep(i)))).map((r) => r.value ?? r.reason)
      .map((r) => (r instanceof RangeError ? /max\\w+/.exec(r.message)[0] : r))`

  test('maxOpenToolInputSize: a catchable RangeError, and the call does not come', async () => {
    let calls = 0
    const tools = {
      keep: async (/** @type {any} */ input) => {
        calls++
        return input.length
      },
    }
    const context = pool.open({ tools, maxOpenToolInputSize: 30, maxToolInputSize: 12 })
    const names = ['maxOpenToolInputSize', 'maxOpenToolInputSize']
    assert.deepEqual(await context.run(callAll('Array(5).fill("x".repeat(8))')), [
      8,
      8,
      8,
      ...names,
    ])
    assert.equal(calls, 3)
    // What was answered counts no longer.
    assert.deepEqual(await context.run(callAll('Array(3).fill("y".repeat(8))')), [8, 8, 8])
    context.close()
  })

  test('maxOpenToolInputValues: the same', async () => {
    const tools = { keep: async (/** @type {any} */ input) => input.length }
    const context = pool.open({ tools, maxOpenToolInputValues: 7, maxToolInputValues: 5 })
    const code = callAll('[[1, 2], [3, 4, 5], [], 6]')
    assert.deepEqual(await context.run(code), [
      2,
      3,
      'maxOpenToolInputValues',
      'maxOpenToolInputValues',
    ])
    context.close()
  })

  test('a sum below the limit of one input bounds each of them, too', async () => {
    const tools = { keep: async (/** @type {any} */ input) => input.length }
    const small = pool.open({ tools, maxOpenToolInputSize: 10 })
    assert.deepEqual(await small.run(callAll('["x".repeat(9)]')), ['maxOpenToolInputSize'])
    assert.deepEqual(await small.run(callAll('["x".repeat(8)]')), [8])
    small.close()
    const few = pool.open({ tools, maxOpenToolInputValues: 3 })
    assert.deepEqual(await few.run(callAll('[[1, 2, 3]]')), ['maxOpenToolInputValues'])
    assert.deepEqual(await few.run(callAll('[[1, 2]]')), [2])
    few.close()
  })

  test('large inputs that nobody awaits do not end the host', async () => {
    let held = 0
    const tools = {
      keep: async (/** @type {any} */ input) => {
        held += input.length
        await new Promise((resolve) => setTimeout(resolve, 50))
        return input.length
      },
    }
    const context = pool.open({ tools })
    const ends = /** @type {any[]} */ (
      await context.run(callAll('Array(4).fill("x".repeat(30 * 2 ** 20))'))
    )
    assert.deepEqual(ends.slice(0, 3), [30 * 2 ** 20, 30 * 2 ** 20, 'maxOpenToolInputSize'])
    assert.equal(held, 60 * 2 ** 20)
    context.close()
  })
})

describe('maxHeldSize', () => {
  const MEBIBYTE = 2 ** 20

  test('all come through, and no more is held than the budget, one more, and a little', async () => {
    const own = createPool({ maxHeldSize: MEBIBYTE })
    const size = 900 * 1024
    let most = 0
    const keep = async (/** @type {any} */ input) => {
      most = Math.max(most, own.stats().heldBytes)
      await new Promise((resolve) => setTimeout(resolve, 2))
      return input.length
    }
    const contexts = Array.from({ length: 12 }, () => own.open({ tools: { keep } }))
    const code = `let n = 0; for (let i = 0; i < 3; i++) n += await keep('x'.repeat(${size})); return n`
    const values = await Promise.all(contexts.map((context) => context.run(code)))
    assert.deepEqual(values, Array(12).fill(3 * size))
    assert.ok(most >= size && most <= MEBIBYTE + 2 * size + 12 * 512 * 1024, `${most} bytes`)
    assert.equal(own.stats().heldBytes, 0)
    own.close()
  })

  test('who waits ends at its deadline, who is small goes on, and then the next one does', async () => {
    const own = createPool({ maxHeldSize: MEBIBYTE })
    /** @type {() => void} */
    let arrived = () => {}
    /** @type {(value: number) => void} */
    let answer = () => {}
    const here = new Promise((resolve) => {
      arrived = () => resolve(undefined)
    })
    const first = own.open({
      tools: {
        keep: () =>
          new Promise((resolve) => {
            answer = resolve
            arrived()
          }),
      },
    })
    const run = first.run('return await keep("x".repeat(2 ** 21))')
    await here
    const tools = { keep: (/** @type {any} */ input) => input.length }
    const large = 'return await keep("y".repeat(2 ** 20))'
    const late = own.open({ tools, timeout: 300 })
    await assert.rejects(late.run(large), { name: 'TimeoutError' })
    late.close()
    const small = own.open({ tools })
    assert.equal(await small.run('return await keep("z".repeat(1000))'), 1000)
    const next = own.open({ tools })
    const waiting = next.run(large)
    answer(1)
    assert.equal(await run, 1)
    assert.equal(await waiting, 2 ** 20)
    own.close()
  })

  /** What an input and three answers, beyond what each context may always have, come to elsewhere. */
  const expectOthersGoOn = async (/** @type {import('@hutch/isolate').Pool} */ pool) => {
    const tools = { size: (/** @type {any} */ x) => x.length, give: () => 'y'.repeat(1e6) }
    const other = pool.open({ tools })
    assert.equal(await other.run('return await size("x".repeat(1e6))'), 1e6)
    assert.equal(await other.run('return (await give()).length'), 1e6)
    other.close()
  }

  test('answers that are left over from a run that is over hold up nobody', async () => {
    const own = createPool({ maxHeldSize: MEBIBYTE })
    const deaf = Array.from({ length: 3 }, () =>
      own.open({ tools: { give: () => 'z'.repeat(3e6) } }),
    )
    const code = 'give().catch(() => {}); give().catch(() => {}); for (;;);'
    for (const context of deaf) {
      await assert.rejects(context.run(code, { timeout: 500 }), { name: 'TimeoutError' })
    }
    assert.equal(own.stats().heldBytes, 0)
    await expectOthersGoOn(own)
    for (const context of deaf) {
      assert.equal(await context.run('return (await give()).length'), 3e6)
    }
    assert.equal(own.stats().heldBytes, 0)
    own.close()
  })

  test('nor across drivers of one pool', async () => {
    const own = createPool({ maxHeldSize: MEBIBYTE })
    const give = { execute: () => 'z'.repeat(3e6) }
    const deaf = await createIsolateDriver({ pool: own, timeout: 500 }).createContext({
      bindings: /** @type {any} */ ({ give }),
    })
    const ended = await deaf.execute('give().catch(() => {}); for (;;);')
    assert.equal(ended.success, false)
    const good = await createIsolateDriver({ pool: own }).createContext({
      bindings: /** @type {any} */ ({
        give,
        size: { execute: (/** @type {any} */ x) => x.length },
      }),
    })
    const code = 'return [(await give()).length, await size("x".repeat(1e6))]'
    assert.deepEqual(await good.execute(code), { success: true, value: [3e6, 1e6], logs: [] })
    own.close()
  })

  test('whatever happens to some, the others come to their end, and nothing is held for the former', async () => {
    const own = createPool({ maxHeldSize: MEBIBYTE })
    const wide = 'const all = []; for (let i = 0; i < 3; i++) all.push(ask("x".repeat(1e6))); '
    const open = () => own.open({ tools: ['ask'], timeout: 500 })
    /** @type {readonly ((context: import('@hutch/isolate').Context) => Promise<void> | void)[]} */
    const fates = [
      (context) => context.start(`${wide} await Promise.all(all)`),
      async (context) => {
        context.start(`${wide} await Promise.all(all)`)
        await context.next()
      },
      async (context) => {
        context.start(`${wide} for (;;);`)
        const event = await context.next()
        if (event.type === 'tool_call') {
          context.reply(event.id, 'y'.repeat(1e6))
        }
      },
      async (context) => {
        context.start(`${wide} return 'z'.repeat(1e6)`)
        await context.next()
      },
      async (context) => {
        context.start(`${wide} await Promise.all(all)`)
        await context.next()
        context.close()
      },
    ]
    for (let round = 0; round < 2; round++) {
      const contexts = fates.map(open)
      await Promise.all(contexts.map((context, i) => fates[i]?.(context)))
      // An answer would not wait.
      const other = own.open({ tools: { size: (/** @type {any} */ x) => x.length } })
      assert.equal(await other.run('return await size("x".repeat(1e6))'), 1e6)
      other.close()
    }
    await until('nothing is held', () => own.stats().heldBytes === 0)
    own.close()
  })

  test('a tool that runs a program in another context of the pool comes to its end', async () => {
    const own = createPool({ maxHeldSize: MEBIBYTE })
    const inner = own.open({ tools: { size: (/** @type {any} */ text) => text.length } })
    const outer = own.open({
      tools: { ask: () => inner.run('return await size("x".repeat(100000))') },
    })
    assert.equal(await outer.run('return await ask("y".repeat(2 ** 22))'), 100000)
    own.close()
  })

  test('answers that the guest does not take are refused at last, and the host is none the worse', async () => {
    const context = pool.open({ tools: ['ask'], maxQueuedToolResultSize: 300000 })
    context.start(`return (await Promise.allSettled([ask(), ask(), ask(), ask()]))
      .map((r) => r.value?.length ?? r.reason.name)`)
    /** @type {number[]} */
    const ids = []
    let event = await context.next()
    for (; event.type === 'tool_call'; event = await context.next()) {
      ids.push(event.id)
    }
    assert.equal(event.type, 'waiting')
    process.kill(context.pid, 'SIGSTOP')
    for (const id of ids) {
      context.reply(id, 'x'.repeat(140000))
    }
    process.kill(context.pid, 'SIGCONT')
    const end = await context.next()
    assert.deepEqual(end, {
      type: 'done',
      value: [140000, 140000, 'RangeError', 'RangeError'],
    })
    context.close()
  })
})
