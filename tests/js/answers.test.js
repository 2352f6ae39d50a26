// Answers to tool calls: bad ids, answers that come twice or too late, values that cannot be sent.
// Whatever is wrong is an error at the call, and nothing is lost by it.
// @ts-check
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { createPool } from '@hutch/isolate'

import { sleep } from './support.js'

/** @typedef {import('@hutch/isolate').Context} Context */

const pool = createPool()
after(() => pool.close())

/**
 * The next event that is no 'waiting'.
 *
 * @param {Context} context
 */
async function nextEvent(context) {
  for (;;) {
    const event = await context.next()
    if (event.type !== 'waiting') {
      return event
    }
  }
}

/** @param {Context} context */
async function nextCall(context) {
  const event = await nextEvent(context)
  assert.ok(event.type === 'tool_call', `a call, not ${JSON.stringify(event)}`)
  return event.id
}

/**
 * A context whose program waits for the first of two calls.
 *
 * @param {(context: Context, id: number) => unknown} use
 */
async function withCall(use) {
  const context = pool.open({ tools: ['a', 'b'] })
  context.start('return [await a(), await b()]')
  await use(context, await nextCall(context))
  context.close()
}

/**
 * The run has lost nothing: both calls can be answered.
 *
 * @param {Context} context
 * @param {number} first
 */
async function answerBoth(context, first) {
  context.reply(first, 'first')
  context.reply(await nextCall(context), 'second')
  assert.deepEqual(await nextEvent(context), { type: 'done', value: ['first', 'second'] })
}

/** @type {[string, (context: Context, id: any) => void][]} */
const VERBS = [
  ['reply', (context, id) => context.reply(id, 'wrong')],
  ['reject', (context, id) => context.reject(id, new Error('wrong'))],
]

for (const [verb, answer] of VERBS) {
  describe(`${verb}: ids`, () => {
    for (const value of ['1', 1n, null, undefined, true, {}, [1], Symbol('id'), () => 1]) {
      test(`${typeof value} ${String(value)} is a TypeError`, () =>
        withCall(async (context, id) => {
          assert.throws(() => answer(context, value), {
            name: 'TypeError',
            message:
              /^id must be the id of a tool call, a whole number from 1 to 4294967295, got ./,
          })
          await answerBoth(context, id)
        }))
    }

    test('an object that becomes the id is a TypeError, and is not asked to', () =>
      withCall(async (context, id) => {
        const asked = () => assert.fail('nothing of the id is run')
        const value = { valueOf: asked, toString: asked, [Symbol.toPrimitive]: asked }
        assert.throws(() => answer(context, value), {
          name: 'TypeError',
          message: /got an object$/,
        })
        await answerBoth(context, id)
      }))

    /** @type {[string, (id: number) => number][]} */
    const numbers = [
      ['id + 2 ** 32', (id) => id + 2 ** 32],
      ['id - 2 ** 32', (id) => id - 2 ** 32],
      ['id + 2 ** 33', (id) => id + 2 ** 33],
      ['id + 2 ** 53', (id) => id + 2 ** 53],
      ['id + 0.7', (id) => id + 0.7],
      ['id + a hair', (id) => id + id * Number.EPSILON],
      ['-id', (id) => -id],
      ['0', () => 0],
      ['-0', () => -0],
      ['NaN', () => Number.NaN],
      ['Infinity', () => Number.POSITIVE_INFINITY],
      ['-Infinity', () => Number.NEGATIVE_INFINITY],
      ['2 ** 32', () => 2 ** 32],
    ]
    for (const [what, make] of numbers) {
      test(`${what} is a RangeError that says what was given`, () =>
        withCall(async (context, id) => {
          const bad = make(id)
          const printed = Object.is(bad, -0) ? '-0' : String(bad)
          assert.throws(
            () => answer(context, bad),
            (/** @type {Error} */ error) =>
              error instanceof RangeError && error.message.endsWith(`4294967295, got ${printed}`),
          )
          await answerBoth(context, id)
        }))
    }

    test('an id that was never given is a RangeError', () =>
      withCall(async (context, id) => {
        for (const bad of [id + 1, id + 1000, 2 ** 31, 2 ** 32 - 1]) {
          assert.throws(() => answer(context, bad), {
            name: 'RangeError',
            message: `id must be the id of a tool call that was given, got ${bad}`,
          })
        }
        await answerBoth(context, id)
      }))

    test('a call that the guest has made, but nobody has taken, is not given yet', async () => {
      const context = pool.open({ tools: ['a'] })
      context.start('return Promise.all([a(), a()])')
      const first = await nextCall(context)
      await sleep(20)
      assert.throws(() => answer(context, first + 1), RangeError)
      const second = await nextCall(context)
      context.reply(second, 2)
      context.reply(first, 1)
      assert.deepEqual(await nextEvent(context), { type: 'done', value: [1, 2] })
      context.close()
    })

    test('a second answer is an error, and the first one holds', () =>
      withCall(async (context, id) => {
        context.reply(id, 'first')
        for (let i = 0; i < 2; i++) {
          assert.throws(() => answer(context, id), {
            name: 'HutchError',
            code: 'HUTCH_WRONG_STATE',
            message: `the tool call ${id} has its answer already`,
          })
        }
        const next = await nextCall(context)
        assert.throws(() => answer(context, id), { code: 'HUTCH_WRONG_STATE' })
        context.reply(next, 'second')
        assert.deepEqual(await nextEvent(context), { type: 'done', value: ['first', 'second'] })
      }))

    test('ids of an earlier run, and of a run that is over, are dropped', () =>
      withCall(async (context, id) => {
        await answerBoth(context, id)
        answer(context, id)
        context.start('return await a()')
        answer(context, id)
        const own = await nextCall(context)
        assert.ok(own > id)
        answer(context, id)
        context.reply(own, 'own')
        assert.deepEqual(await nextEvent(context), { type: 'done', value: 'own' })
        context.close()
        answer(context, own)
        assert.throws(() => answer(context, own + 1), RangeError)
      }))

    test('a call of run() is none of those that were given', async () => {
      const context = pool.open({ tools: ['a'] })
      context.start('return await a()')
      const id = await nextCall(context)
      context.reply(id, 1)
      await nextEvent(context)
      const value = await context.run('return await a()', {
        tools: {
          a() {
            answer(context, id)
            assert.throws(() => answer(context, id + 1), RangeError)
            return 'the function'
          },
        },
      })
      assert.equal(value, 'the function')
      context.close()
    })
  })
}

describe('reply: values', () => {
  const cycle = /** @type {any} */ ({})
  cycle.self = cycle
  let deep = /** @type {any} */ ([])
  for (let i = 0; i < 1_000_000; i++) {
    deep = [deep]
  }
  /** @type {[string, unknown, { name: string, message?: string }][]} */
  const values = [
    ['a cycle', cycle, { name: 'TypeError' }],
    ['a BigInt', { n: 1n }, { name: 'TypeError' }],
    [
      'a toJSON that throws',
      {
        toJSON() {
          throw new RangeError('toJSON')
        },
      },
      { name: 'RangeError', message: 'toJSON' },
    ],
    [
      'a getter that throws',
      {
        get a() {
          throw new RangeError('getter')
        },
      },
      { name: 'RangeError', message: 'getter' },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys() {
            throw new RangeError('trap')
          },
        },
      ),
      { name: 'RangeError', message: 'trap' },
    ],
  ]
  for (const [what, value, error] of values) {
    test(`${what} throws at the call, and the call can still be answered`, () =>
      withCall(async (context, id) => {
        assert.throws(() => context.reply(id, value), error)
        assert.throws(() => context.reply(id, value), error)
        await answerBoth(context, id)
      }))
  }

  test('what is too deep for the host throws, or arrives', () =>
    withCall(async (context, id) => {
      try {
        context.reply(id, deep)
      } catch (error) {
        assert.ok(error instanceof RangeError)
        await answerBoth(context, id)
      }
    }))

  test('a toJSON that answers the same call itself: the second answer is the error', () =>
    withCall(async (context, id) => {
      const value = {
        toJSON() {
          context.reply(id, 'inner')
          return 'outer'
        },
      }
      assert.throws(() => context.reply(id, value), { code: 'HUTCH_WRONG_STATE' })
      context.reply(await nextCall(context), 'second')
      assert.deepEqual(await nextEvent(context), { type: 'done', value: ['inner', 'second'] })
    }))

  test('a toJSON that closes the context: the answer is dropped', () =>
    withCall(async (context, id) => {
      context.reply(id, { toJSON: () => context.close() })
      const end = await nextEvent(context)
      assert.ok(end.type === 'failed' && end.failure === 'disposed')
    }))

  test('an answer that comes too late is not looked at', () =>
    withCall(async (context, id) => {
      context.close()
      context.reply(id, cycle)
    }))

  test('reject takes anything at all', () =>
    withCall(async (context, id) => {
      const hostile = new Proxy(
        {},
        {
          get() {
            throw new Error('trap')
          },
          getPrototypeOf() {
            throw new Error('trap')
          },
        },
      )
      context.reject(id, hostile)
      const end = await nextEvent(context)
      assert.ok(end.type === 'failed')
      assert.deepEqual([end.name, end.message], ['Error', '[unprintable]'])
    }))
})
