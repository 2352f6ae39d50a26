// A tool runs in the async context of who runs the program: AsyncLocalStorage, and what is built on it.
// @ts-check
import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { after, describe, test } from 'node:test'

import { createPool } from '@hutch/isolate'
import { createIsolateDriver } from '@hutch/isolate/tanstack'

import { bind } from './support.js'

/** @type {AsyncLocalStorage<string>} */
const storage = new AsyncLocalStorage()
const pool = createPool()
after(() => pool.close())

const CODE = `const all = []
for (let i = 0; i < 5; i++) { console.log(i); all.push(await who({})) }
return [...all, ...await Promise.all([who({}), who({}), who({})])].join()`

/** @param {string} name */
const expected = (name) => Array(8).fill(name).join()

const pause = () => new Promise((resolve) => setTimeout(resolve, 1))

const who = async () => {
  const before = storage.getStore()
  await pause()
  assert.equal(storage.getStore(), before)
  return before ?? 'nobody'
}

describe('AsyncLocalStorage in tools and listeners', () => {
  test('Context.run, many at a time', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        storage.run(`run ${i}`, async () => {
          const context = pool.open({ tools: { who } })
          const heard = new Set()
          const onLog = () => void heard.add(storage.getStore())
          for (let round = 0; round < 3; round++) {
            assert.equal(await context.run(CODE, { onLog }), expected(`run ${i}`))
            assert.equal(storage.getStore(), `run ${i}`)
          }
          assert.deepEqual([...heard], [`run ${i}`])
          context.close()
        }),
      ),
    )
  })

  test('a driver: of who executes, not of who made the context, also in its queue', async () => {
    const driver = createIsolateDriver()
    const context = await storage.run('maker', () =>
      driver.createContext({ bindings: bind({ who }) }),
    )
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        storage.run(`execute ${i}`, () => context.execute(CODE)),
      ),
    )
    assert.deepEqual(
      results.map(({ value }) => value),
      results.map((_, i) => expected(`execute ${i}`)),
    )
    await context.dispose()
  })

  test('calls that nobody awaits', async () => {
    /** @type {(string | undefined)[]} */
    const seen = []
    const context = pool.open({ tools: { note: async () => void seen.push(storage.getStore()) } })
    await storage.run('outer', () =>
      context.run('note({}).then(() => note({})).then(() => note({})); return 1'),
    )
    assert.deepEqual(seen, ['outer', 'outer', 'outer'])
    context.close()
  })

  test('a lazy thenable, toJSON, getters and errors of an answer, also side by side', async () => {
    /** @type {Record<string, (string | undefined)[]>} */
    const seen = {}
    const see = (/** @type {string} */ where) => {
      const all = seen[where] ?? []
      seen[where] = all
      all.push(storage.getStore())
      return where
    }
    // As query builders are: nothing is sent before somebody awaits.
    const lazy = (/** @type {string} */ where) => ({
      // biome-ignore lint/suspicious/noThenProperty: what is tried
      then: (/** @type {(value: string) => void} */ resolve) => resolve(see(where)),
    })
    const tools = {
      query: () => lazy('query'),
      json: async () => ({ toJSON: () => see('toJSON') }),
      getter: async () => ({
        get a() {
          return see('getter')
        },
      }),
      fails: async () => {
        throw Object.defineProperty(new Error(), 'message', { get: () => see('message') })
      },
    }
    const code = `console.log(1)
      await query({}); await json({}); await getter({}); await fails({}).catch(() => 1)
      await Promise.all([query({}), json({}), getter({}), fails({}).catch(() => 1)])
      query({}); return 1`
    const names = Array.from({ length: 6 }, (_, i) => `run ${i}`)
    const use = async () => {
      const context = pool.open({ tools })
      await context.run(code, { onLog: () => lazy('onLog') })
      context.close()
    }
    await Promise.all(names.map((name) => storage.run(name, use)))
    for (const [where, count] of Object.entries({
      query: 3,
      toJSON: 2,
      getter: 2,
      message: 2,
      onLog: 2,
    })) {
      const every = names.flatMap((name) => Array(count).fill(name))
      assert.deepEqual(seen[where]?.sort(), every, where)
    }
  })

  test('without a store there is none', async () => {
    const context = pool.open({ tools: { who } })
    assert.equal(await context.run('return await who({})'), 'nobody')
    context.close()
  })
})

test('waiting is not handed out when the call has been answered meanwhile', async () => {
  let waiting = 0
  for (let i = 0; i < 100; i++) {
    const context = pool.open({ tools: ['ask'] })
    context.start('let n = 0; for (let i = 0; i < 5; i++) n += await ask(i); return n')
    let open = 0
    for await (const event of context.events()) {
      if (event.type === 'tool_call') {
        open++
        if (event.input % 2 === 0) await null
        context.reply(event.id, 1)
        open--
      } else if (event.type === 'waiting') {
        waiting++
        assert.notEqual(open, 0, 'nothing is open, and it waits')
      } else if (event.type === 'done') {
        assert.equal(event.value, 5)
      }
    }
    context.close()
  }
  assert.equal(waiting, 0)
})

test('waiting is handed out while a call is open', async () => {
  const context = pool.open({ tools: ['ask'] })
  context.start('return await ask(1)')
  const call = await context.next()
  assert.equal(call.type, 'tool_call')
  assert.equal((await context.next()).type, 'waiting')
  context.reply(/** @type {any} */ (call).id, 7)
  assert.deepEqual(await context.next(), { type: 'done', value: 7 })
  context.close()
})
