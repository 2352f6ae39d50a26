/** What is behind a tool's error, `cause` and `errors`, reaches the program, and who catches
 *  nothing is told. */

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createPool } from '@hutch/isolate'

const pool = createPool()
after(() => pool.close())

/** @param {() => unknown} fail @param {string} code @returns {Promise<any>} */
async function runWith(fail, code) {
  const context = await pool.open({ tools: { fail } })
  try {
    return await context.run(code)
  } finally {
    context.close()
  }
}

const TELL = `
const tell = (e) => e instanceof Error
  ? { name: e.name, message: e.message, code: e.code, ...('cause' in e && { cause: tell(e.cause) }), ...(e.errors && { errors: e.errors.map(tell) }) }
  : e
try { await fail({}) } catch (e) { return tell(e) }`

const nested = () =>
  new Error('outer', {
    cause: Object.assign(new TypeError('inner', { cause: { status: 404 } }), { code: 'E_IN' }),
  })

test('causes are errors inside, with their own causes', async () => {
  const told = await runWith(() => {
    throw nested()
  }, TELL)
  assert.deepEqual(told, {
    name: 'Error',
    message: 'outer',
    cause: { name: 'TypeError', message: 'inner', code: 'E_IN', cause: { status: 404 } },
  })
})

test('the errors of an AggregateError are there', async () => {
  const told = await runWith(async () => {
    await Promise.any([
      Promise.reject(new RangeError('one')),
      Promise.reject(nested()),
      Promise.reject('text'),
    ])
  }, TELL)
  assert.equal(told.name, 'AggregateError')
  assert.deepEqual(
    told.errors.map((/** @type {any} */ one) => one.message ?? one),
    ['one', 'outer', 'text'],
  )
  assert.equal(told.errors[1].cause.cause.status, 404)
})

test('who catches nothing is told of them in the message', async () => {
  const failing = runWith(() => {
    throw nested()
  }, 'await fail({})')
  await assert.rejects(failing, /outer; cause: TypeError: inner; cause: .*404/)
})

test('they are not enumerable, as those of the engine', async () => {
  const keys = await runWith(() => {
    throw nested()
  }, 'try { await fail({}) } catch (e) { return [Object.keys(e), Object.hasOwn(e, "cause")] }')
  assert.deepEqual(keys, [[], true])
})

test('an error without a cause has none', async () => {
  const has = await runWith(() => {
    throw new Error('x')
  }, 'try { await fail({}) } catch (e) { return ["cause" in e, "errors" in e] }')
  assert.deepEqual(has, [false, false])
})

/** @param {number} depth @returns {Error} */
const chain = (depth) =>
  depth === 0 ? new Error('last') : new Error(`at ${depth}`, { cause: chain(depth - 1) })

test('of a long chain eight causes are told', async () => {
  const depth = await runWith(() => {
    throw chain(100)
  }, 'try { await fail({}) } catch (e) { let n = 0; while (e.cause) { e = e.cause; n++ } return n }')
  assert.equal(depth, 8)
})

test('an error that causes itself ends there', async () => {
  const told = await runWith(() => {
    const error = new Error('self')
    error.cause = error
    throw error
  }, TELL)
  assert.deepEqual(told, { name: 'Error', message: 'self' })
})

test('of many errors 64 are told', async () => {
  const count = await runWith(() => {
    throw new AggregateError(
      Array.from({ length: 1000 }, (_, i) => new Error(`${i}`)),
      'many',
    )
  }, 'try { await fail({}) } catch (e) { return e.errors.length }')
  assert.equal(count, 64)
})

test('whatever a cause is, the tool fails with its own message', async () => {
  const causes = [
    10n,
    () => 1,
    Symbol('s'),
    null,
    'x'.repeat(1_000_000),
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('no')
        },
      },
    ),
    {
      get toJSON() {
        throw new Error('no')
      },
    },
    Object.create(null),
    new Date(0),
    ['a', { b: 1 }],
    new Error('\ud800'),
    Object.assign(new Error('n'), { name: 5, message: {} }),
  ]
  for (const cause of causes) {
    const message = await runWith(() => {
      throw new Error('mine', { cause })
    }, 'try { await fail({}) } catch (e) { return e.message }')
    assert.equal(message, 'mine')
  }
})

test('getters that throw are nothing', async () => {
  const message = await runWith(() => {
    const error = new Error('mine')
    Object.defineProperty(error, 'cause', {
      get: () => {
        throw new Error('no')
      },
    })
    Object.defineProperty(error, 'errors', {
      get: () => {
        throw new Error('no')
      },
    })
    throw error
  }, 'try { await fail({}) } catch (e) { return [e.message, e.cause === undefined] }')
  assert.deepEqual(message, ['mine', true])
})
