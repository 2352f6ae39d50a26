// The low level: pools, contexts, events.
// @ts-check
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { createPool, HutchError, RunError } from '@hutch/isolate'

import { isAlive, pending, pidOf, sleep, until } from './support.js'

const pool = createPool()
after(() => pool.close())

/**
 * @param {import('@hutch/isolate').Context} context
 * @returns {Promise<import('@hutch/isolate').HutchEvent[]>}
 */
async function allEvents(context) {
  const events = []
  for await (const event of context.events()) {
    events.push(event)
  }
  return events
}

/** A program that keeps a pool's one worker until its tool has the answer. */
async function keepTheOnlyWorker(
  /** @type {import('@hutch/isolate').Pool} */ pool,
  /** @type {Promise<unknown>} */ answer,
) {
  /** @type {() => void} */
  let hasAsked = () => {}
  const asked = new Promise((resolve) => {
    hasAsked = () => resolve(undefined)
  })
  const keeper = pool.open({
    tools: {
      ask: () => {
        hasAsked()
        return answer
      },
    },
  })
  const kept = keeper.run('return await ask()')
  await asked
  return { keeper, kept }
}

describe('events', () => {
  test('a program that returns', async () => {
    const context = pool.open()
    context.start('return { a: 1 }')
    assert.deepEqual(await allEvents(context), [{ type: 'done', value: { a: 1 } }])
    context.start('')
    assert.deepEqual(await context.next(), { type: 'done', value: undefined })
    context.close()
  })

  test('logs, a tool call, waiting, the reply, done', async () => {
    const context = pool.open({ tools: ['double'] })
    context.start("console.warn('go'); return await double({ n: 2 })")
    assert.deepEqual(await context.next(), { type: 'log', level: 'warn', text: 'go' })
    const call = await context.next()
    assert.ok(call.type === 'tool_call')
    assert.deepEqual([call.name, call.input], ['double', { n: 2 }])
    assert.deepEqual(await context.next(), { type: 'waiting' })
    context.reply(call.id, 4)
    assert.deepEqual(await context.next(), { type: 'done', value: 4 })
    context.close()
  })

  test('several calls open, answered in reverse', async () => {
    const context = pool.open({ tools: ['t'] })
    context.start('return Promise.all([t(1), t(2), t(3).catch((e) => e.message)])')
    /** @type {number[]} */
    const ids = []
    for (let event = await context.next(); event.type !== 'done'; event = await context.next()) {
      if (event.type === 'tool_call') {
        ids.push(event.id)
      } else {
        assert.equal(event.type, 'waiting')
      }
      if (ids.length === 3 && event.type === 'waiting') {
        context.reject(Number(ids[2]), new Error('third'))
        context.reply(Number(ids[1]), 'second')
        context.reply(Number(ids[0]), 'first')
        assert.deepEqual(await context.next(), {
          type: 'done',
          value: ['first', 'second', 'third'],
        })
        break
      }
    }
    context.close()
  })

  test('a program that throws', async () => {
    const context = pool.open()
    context.start('\n  throw new TypeError("bad")')
    const event = await context.next()
    assert.ok(event.type === 'failed')
    assert.deepEqual(
      [event.failure, event.usable, event.name, event.message, event.line],
      ['guest_error', true, 'TypeError', 'bad', 2],
    )
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('next may be called before anything has happened, and several times', async () => {
    const context = pool.open({ tools: ['t'] })
    context.start("console.log('a'); console.log('b'); return t({})")
    const first = await Promise.all([context.next(), context.next(), context.next()])
    assert.deepEqual(
      first.map((event) => event.type),
      ['log', 'log', 'tool_call'],
    )
    const call = first[2]
    assert.ok(call?.type === 'tool_call')
    const ended = allEvents(context)
    await sleep(20)
    context.reply(call.id, 'late')
    assert.deepEqual((await ended).at(-1), { type: 'done', value: 'late' })
    context.close()
  })

  test('next without a program is an error, not a wait', async () => {
    const context = pool.open()
    await assert.rejects(context.next(), { name: 'HutchError', code: 'HUTCH_WRONG_STATE' })
    context.start('return 1')
    await context.next()
    await assert.rejects(context.next(), { name: 'HutchError', code: 'HUTCH_WRONG_STATE' })
    context.close()
  })

  test('a timeout out of range is told with its unit', async () => {
    const context = pool.open()
    const error = {
      name: 'RangeError',
      message: /^timeout must be a whole number of ms from 1 to /,
    }
    assert.throws(() => context.start('', { timeout: 0 }), error)
    await assert.rejects(context.run('', { timeout: 0 }), error)
    context.close()
  })

  test('stop ends the program with an AbortError', async () => {
    const context = pool.open()
    context.start('for (;;) {}')
    context.stop()
    const event = await context.next()
    assert.ok(event.type === 'failed')
    assert.deepEqual([event.failure, event.name], ['stopped', 'AbortError'])
    context.close()
  })

  test('close ends the program with a DisposedError', async () => {
    const context = pool.open({ tools: ['t'] })
    context.start('await t({})')
    const ended = allEvents(context)
    context.close()
    const last = (await ended).at(-1)
    assert.ok(last?.type === 'failed')
    assert.deepEqual([last.failure, last.name], ['disposed', 'DisposedError'])
    assert.equal(context.closed, true)
    assert.throws(() => context.start('return 1'), { name: 'DisposedError' })
    await assert.rejects(context.next(), { name: 'DisposedError', failure: 'disposed' })
    context.close()
  })

  test('after close nothing is handed out but that', async () => {
    const own = createPool({ spare: 0 })
    const closers = [
      (/** @type {import('@hutch/isolate').Context} */ context) => context.close(),
      () => own.close(),
    ]
    for (const close of closers) {
      const context = own.open({ tools: ['t'] })
      // Much has come by then, or little: that depends on the machine.
      context.start("for (let i = 0; i < 9; i++) console.log('x'); await t({})")
      assert.equal((await context.next()).type, 'log')
      await sleep(20)
      close(context)
      const end = await context.next()
      assert.ok(end.type === 'failed' && end.failure === 'disposed', end.type)
      await assert.rejects(context.next(), { name: 'DisposedError' })
    }
  })

  test('nor the result of a program that was over', async () => {
    const context = pool.open()
    context.start("console.log('x'); return 1")
    assert.equal((await context.next()).type, 'log')
    await sleep(20)
    context.close()
    const end = await context.next()
    assert.ok(end.type === 'failed' && end.failure === 'disposed', end.type)
  })

  test('answers to a run that is over are dropped', async () => {
    const context = pool.open({ tools: ['t'] })
    context.start('t({}); return 1')
    const events = await allEvents(context)
    const call = events.find((event) => event.type === 'tool_call')
    assert.ok(call?.type === 'tool_call')
    context.reply(call.id, 'late')
    context.reject(call.id, new Error('late'))
    assert.equal(await context.run('return 2'), 2)
    context.close()
  })
})

describe('run', () => {
  test('tools of the context, tools of the run, logs', async () => {
    const context = pool.open({ tools: { a: () => 'a', b: () => 'b' } })
    /** @type {string[]} */
    const logs = []
    const code = "console.log('x'); console.error('y'); return [await a(), await b()]"
    const value = await context.run(code, {
      tools: { b: async () => 'own' },
      onLog: ({ level, text }) => logs.push(`${level} ${text}`),
    })
    assert.deepEqual(value, ['a', 'own'])
    assert.deepEqual(logs, ['log x', 'error y'])
    assert.deepEqual(await context.run('return [await a(), await b()]'), ['a', 'b'])
    context.close()
  })

  test('a failure is a RunError with position and code', async () => {
    const context = pool.open()
    const failed = context.run("\nthrow Object.assign(new Error('m'), { code: 'C' })")
    await assert.rejects(failed, (/** @type {RunError} */ error) => {
      assert.ok(error instanceof RunError && error instanceof Error)
      assert.deepEqual(
        [error.name, error.message, error.code, error.failure, error.line, error.usable],
        ['Error', 'm', 'C', 'guest_error', 2, true],
      )
      assert.match(String(error.stack), /^Error: m\n.*:2:\d+/)
      return true
    })
    context.close()
  })

  test('a tool without a function is a failure inside', async () => {
    const context = pool.open({ tools: ['t'] })
    await assert.rejects(context.run('await t({})'), { message: /no function was given.* t/ })
    context.close()
  })

  test('an AbortSignal stops the program; run rejects with its reason', async () => {
    for (const code of ['for (;;) {}', 'await never({})']) {
      const context = pool.open({ tools: { never: () => new Promise(() => {}) } })
      const controller = new AbortController()
      const running = context.run(code, { signal: controller.signal })
      setTimeout(() => controller.abort(new Error('enough')), 20)
      await assert.rejects(running, { message: 'enough' })
      context.close()
    }
    const context = pool.open()
    const aborted = AbortSignal.abort(new Error('before'))
    await assert.rejects(context.run('return 1', { signal: aborted }), { message: 'before' })
    assert.equal(await context.run('return 1'), 1)
    context.close()
  })

  test('the timeout of a run goes before that of the context', async () => {
    const context = pool.open({ timeout: 600_000 })
    await assert.rejects(context.run('for (;;) {}', { timeout: 60 }), {
      name: 'TimeoutError',
      failure: 'timeout',
    })
    context.close()
  })

  test('cpuTime counts the processor, not the waiting', async () => {
    const context = pool.open({ cpuTime: 100, tools: { wait: () => sleep(200) } })
    assert.equal(await context.run('await wait({}); return 1'), 1)
    await assert.rejects(context.run('for (;;) {}'), { failure: 'cpu_time', code: 'cpuTime' })
    context.close()
  })

  test('cpuTime holds in loops of the engine too', async () => {
    for (const code of [
      'Array.prototype.reverse.call({ length: 2 ** 53 - 1 })',
      `('a' + '\\u0301\\u0316'.repeat(300000)).normalize('NFC'); for (;;) {}`,
      'for (;;) "a".repeat(1 << 22).lastIndexOf("b".repeat(1 << 21))',
    ]) {
      const context = pool.open({ cpuTime: 100, timeout: 600_000 })
      await assert.rejects(context.run(code), {
        name: 'TimeoutError',
        failure: 'cpu_time',
        code: 'cpuTime',
        message: /more than its 100 ms of processor time/,
      })
      context.close()
    }
  })

  test('maxMemoryLimit is the most that a context may have', async () => {
    const small = createPool({ maxMemoryLimit: 16 })
    const message = /^memoryLimit must be at most the pool's maxMemoryLimit, 16 MB, got 16\.5$/
    assert.throws(() => small.open({ memoryLimit: 16.5 }), { name: 'RangeError', message })
    for (const options of [{ memoryLimit: 16 }, {}]) {
      const context = small.open(options)
      assert.equal(await context.run('return 1'), 1)
      await assert.rejects(
        context.run('const kept = []; for (;;) kept.push(new Uint8Array(1 << 16))'),
        { name: 'MemoryLimitError', message: /memory limit of 16 MiB/ },
      )
      context.close()
    }
    small.close()
  })

  test('two programs at once are an error of the caller', async () => {
    const over = pending()
    const context = pool.open({ tools: { wait: () => over.promise } })
    const first = context.run('await wait({}); return 1')
    await assert.rejects(context.run('return 2'), { code: 'HUTCH_WRONG_STATE' })
    assert.throws(() => context.start('return 2'), HutchError)
    over.resolve(null)
    assert.equal(await first, 1)
    context.close()
  })

  test('a listener that throws ends the run', async () => {
    const context = pool.open({ tools: { never: () => new Promise(() => {}) } })
    const onLog = () => {
      throw new Error('listener')
    }
    await assert.rejects(context.run("console.log('x'); await never({})", { onLog }), {
      message: 'listener',
    })
    await until('the context is idle', () => {
      try {
        context.start('return 1')
        return true
      } catch {
        return false
      }
    })
    assert.deepEqual(await context.next(), { type: 'done', value: 1 })
    context.close()
  })
})

describe('pools', () => {
  test('stats count contexts and workers, and close ends every process', async () => {
    const own = createPool({ spare: 0 })
    const contexts = Array.from({ length: 3 }, () => own.open())
    assert.deepEqual(await Promise.all(contexts.map((c) => c.run('return 1'))), [1, 1, 1])
    // A worker is counted when the zygote has told of it, which its first answer may overtake.
    const workers = await Promise.all(contexts.map(pidOf))
    const stats = own.stats()
    assert.equal(stats.contexts, 3)
    assert.ok(stats.workers >= 3 && stats.workersForked >= 3)
    const pids = [stats.zygotePid, ...workers]
    assert.ok(pids.every((pid) => pid > 1 && isAlive(pid)))
    const running = contexts[0]?.run('for (;;) {}')
    own.close()
    await assert.rejects(Promise.resolve(running), { name: 'DisposedError' })
    await until('all processes have ended', () => !pids.some(isAlive))
    assert.throws(() => own.open())
    own.close()
  })

  test('open contexts have no worker, and programs beyond maxWorkers wait for one', async () => {
    const own = createPool({ maxWorkers: 4, spare: 0 })
    const contexts = Array.from({ length: 1000 }, () => own.open())
    assert.equal(own.stats().workers, 0)
    for (const context of contexts) {
      assert.equal(context.pid, 0)
    }
    const runs = contexts.slice(0, 10).map(async (context, i) => {
      const value = await context.run(`return ${i}`)
      context.close()
      return value
    })
    assert.deepEqual(await Promise.all(runs), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert.ok(own.stats().workersForked <= 4)
    own.close()
  })

  test('maxQueue: one program more is refused, and its context is as it was', async () => {
    const own = createPool({ maxWorkers: 1, maxQueue: 2, spare: 0 })
    /** @type {(answer: number) => void} */
    let give = () => {}
    const answer = new Promise((resolve) => {
      give = resolve
    })
    const { keeper, kept } = await keepTheOnlyWorker(own, answer)
    const contexts = [own.open(), own.open(), own.open()]
    const waiting = contexts.slice(0, 2).map((context) => context.run('return 1'))
    await assert.rejects(Promise.resolve(contexts[2]?.run('return 1')), {
      failure: 'host',
      name: 'HutchError',
      code: 'HUTCH_UNAVAILABLE',
      message: /2 programs wait for a worker already: as many as maxQueue permits/,
    })
    assert.equal(contexts[2]?.closed, false)
    give(3)
    assert.equal(await kept, 3)
    keeper.close()
    assert.equal(await waiting[0], 1)
    contexts[0]?.close()
    assert.equal(await waiting[1], 1)
    contexts[1]?.close()
    assert.equal(await contexts[2]?.run('return 1'), 1)
    own.close()
  })

  test('a program that has got no worker in time is told so, and so is one that is stopped', async () => {
    const own = createPool({ maxWorkers: 1, spare: 0 })
    const { keeper, kept } = await keepTheOnlyWorker(own, new Promise(() => {}))
    const gone = kept.catch(() => 'gone')
    const context = own.open()
    await assert.rejects(context.run('return 1', { timeout: 50 }), {
      name: 'TimeoutError',
      code: 'queue',
      message:
        /^Execution timed out after 50 ms in the queue for a worker: all workers are suspended in tool calls, .*maxWorkers is 1/,
    })
    const stopped = context.run('return 1')
    context.stop()
    await assert.rejects(stopped, { failure: 'stopped' })
    const aborter = new AbortController()
    const aborted = context.run('return 1', { signal: aborter.signal })
    aborter.abort(new Error('enough'))
    await assert.rejects(aborted, { message: 'enough' })
    const closed = context.run('return 1')
    context.close()
    await assert.rejects(closed, { name: 'DisposedError' })
    keeper.close()
    assert.equal(await gone, 'gone')
    own.close()
  })

  test('confinement names every layer, and the required ones are on', async () => {
    const own = createPool({ spare: 0 })
    // On a machine that is busy it is not known at once.
    assert.equal(await own.open().run('return 1'), 1)
    const { complete, layers } = own.confinement()
    assert.equal(complete, true)
    assert.ok(own.stats().zygotePid > 0)
    const seccomp = layers.find((layer) => layer.name === 'seccomp')
    assert.deepEqual(seccomp && [seccomp.on, seccomp.required], [true, true])
    assert.ok(layers.length > 10)
    for (const { name, on, required, stops } of layers) {
      assert.match(name, /^[a-z-]+$/)
      assert.ok(stops.length > 0)
      assert.ok(on || !required, name)
    }
    assert.deepEqual(own.confinement(), { complete, layers })
    own.close()
    assert.throws(() => own.confinement(), /closed/)
  })

  test('a zygote that was stopped holds no call of a pool', async () => {
    const own = createPool({ spare: 0 })
    const first = own.open()
    assert.equal(await first.run('return 1'), 1)
    const { zygotePid } = own.stats()
    process.kill(zygotePid, 'SIGSTOP')
    own.warm()
    assert.equal(own.confinement().complete, true)
    const late = own.open({ timeout: 100 })
    await assert.rejects(late.run('return 1'), { failure: 'timeout' })
    late.close()
    assert.equal(await first.run('return 2'), 2)
    own.close()
    // It is killed in the background.
    await until('the zygote has ended', () => !isAlive(zygotePid))
  })

  test('a context that is opened while the zygote dies runs in the next one', async () => {
    const own = createPool({ spare: 0 })
    const busy = Array.from({ length: 20 }, () => own.open({ timeout: 600_000 }))
    const runs = busy.map((context) => context.run('for (;;) {}').catch((error) => error.failure))
    await Promise.all(busy.map(pidOf))
    process.kill(own.stats().zygotePid, 'SIGKILL')
    const results = []
    do {
      const context = own.open()
      results.push(await context.run('return 1').catch((error) => error.failure))
      context.close()
    } while (results.at(-1) === 'worker_died')
    assert.equal(results.at(-1), 1)
    assert.deepEqual(new Set(await Promise.all(runs)), new Set(['worker_died']))
    own.close()
  })

  test('a worker program that does not exist is a clear error', async () => {
    await assert.rejects(async () => {
      const own = createPool({ workerPath: '/nowhere/hutch-worker' })
      try {
        await own.open().run('return 1')
      } finally {
        own.close()
      }
    }, /nowhere|worker|zygote/i)
  })

  test('contexts of different trust domains never share a worker', async () => {
    const own = createPool({ spare: 0 })
    /** @type {Map<number, Set<number>>} */
    const pidsOf = new Map()
    for (let i = 0; i < 12; i++) {
      const context = own.open({ trustDomain: i % 3 })
      await context.run('return 1')
      const pids = pidsOf.get(i % 3) ?? new Set()
      pidsOf.set(i % 3, pids.add(await pidOf(context)))
      context.close()
    }
    const all = [...pidsOf.values()].flatMap((pids) => [...pids])
    assert.equal(new Set(all).size, all.length)
    own.close()
  })
})
