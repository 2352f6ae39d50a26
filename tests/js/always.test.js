// Every run ends by an event, whatever the host was busy with when the news came. Nothing here turns
// the event loop by chance: no timer is due while a test waits, but one that fails it after a minute.
// @ts-check
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { createPool, RunError } from '@hutch/isolate'
import { createIsolateDriver } from '@hutch/isolate/tanstack'

import { ample, bind, failure, isAlive, ownWorkers, pidOf } from './support.js'

/** @typedef {import('@hutch/isolate').Context} Context */

const pool = createPool()
after(() => pool.close())

const hangs = () => new Promise(() => {})
// Long enough that the host is busy before the tool is called.
const PROGRAM = 'for (let i = 0; i < 1e5; i++); await hangs({}); return 1'
const TIMEOUT = 100
/** Of a run that has nothing to wait for. */
const QUICK = { timeout: ample(30_000) }

/** Hold the thread, as the parsing of something large would. @param {number} ms */
function busy(ms) {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** The outcome of a run that must not hang. @template T @param {Promise<T>} promise */
async function ended(promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const never = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('the run never ended')), ample(60_000))
  })
  try {
    return await Promise.race([promise, never])
  } finally {
    clearTimeout(timer)
  }
}

/** What a run failed with. @param {Promise<unknown>} run */
async function reasonOf(run) {
  const outcome = await ended(
    run.then(
      (value) => ({ value }),
      (/** @type {unknown} */ reason) => ({ reason }),
    ),
  )
  assert.ok('reason' in /** @type {object} */ (outcome), 'the run gave a value')
  return /** @type {{ reason: unknown }} */ (outcome).reason
}

/** The failure that ended a run. @param {Promise<unknown>} run */
async function failureOf(run) {
  const reason = await reasonOf(run)
  assert.ok(reason instanceof RunError, `got ${String(reason)}`)
  return reason.failure
}

/** A context whose worker is there. @param {number} timeout */
async function openWarm(timeout) {
  const context = pool.open({ tools: { hangs }, timeout })
  assert.equal(await context.run('return 1', QUICK), 1)
  return context
}

/** Kill workers and let their pools' threads know of it, while this one does not turn its loop.
 *  @param {number[]} pids */
function killBusily(...pids) {
  busy(50)
  for (const pid of pids) {
    process.kill(pid, 'SIGKILL')
  }
  while (pids.some(isAlive));
  busy(50)
}

describe('the host is busy past the deadline', () => {
  test('a run that waits for a tool ends, and its context goes on', async () => {
    for (let i = 0; i < 5; i++) {
      const context = await openWarm(TIMEOUT)
      const run = context.run(PROGRAM)
      busy(4 * TIMEOUT)
      assert.equal(await failureOf(run), 'timeout')
      assert.equal(await context.run('return 2', QUICK), 2)
      context.close()
    }
  })

  test('so do many of them', async () => {
    const contexts = await Promise.all(Array.from({ length: 10 }, () => openWarm(TIMEOUT)))
    const runs = contexts.map((context) => context.run(PROGRAM))
    busy(4 * TIMEOUT)
    const failures = await Promise.all(runs.map(failureOf))
    assert.deepEqual([...new Set(failures)], ['timeout'])
    for (const context of contexts) {
      assert.equal(await context.run('return 2', QUICK), 2)
      context.close()
    }
  })

  test('the code of a timeout is timeout, whoever ends the run', async () => {
    // It waits for a tool; it looks up now and then; it does not, and its worker is killed.
    const native = "return ('a'.repeat(2 ** 24) + 'b').indexOf('a'.repeat(2 ** 23) + 'c')"
    for (const program of [PROGRAM, 'for (;;) {}', native]) {
      const context = await openWarm(TIMEOUT)
      const reason = await reasonOf(context.run(program))
      assert.ok(reason instanceof RunError)
      assert.deepEqual([reason.name, reason.code], ['TimeoutError', 'timeout'], program)
      context.close()
      const driver = createIsolateDriver({ timeout: TIMEOUT })
      const other = await driver.createContext({ bindings: bind({ hangs }) })
      const { name, code } = failure(await ended(other.execute(program)))
      assert.deepEqual([name, code], ['TimeoutError', 'timeout'], program)
      await other.dispose()
    }
  })

  test('in a driver', async () => {
    // Of all programs of the context.
    const timeout = ample(3 * TIMEOUT)
    const driver = createIsolateDriver({ timeout })
    const context = await driver.createContext({ bindings: bind({ hangs }) })
    await context.execute('return 1')
    const run = context.execute(PROGRAM)
    const queued = context.execute('return 2')
    busy(2 * timeout)
    assert.equal(failure(await ended(run)).name, 'TimeoutError')
    assert.deepEqual(await ended(queued), { success: true, value: 2, logs: [] })
    await context.dispose()
  })

  test('events one by one: the last is the timeout', async () => {
    const context = await openWarm(TIMEOUT)
    context.start(PROGRAM)
    busy(4 * TIMEOUT)
    const types = []
    for await (const event of context.events()) {
      types.push(event.type === 'failed' ? event.failure : event.type)
    }
    assert.deepEqual(types, ['tool_call', 'waiting', 'timeout'])
    context.close()
  })

  test('who has asked for several events gets all of them', async () => {
    const context = await openWarm(TIMEOUT)
    context.start(PROGRAM)
    const asked = [context.next(), context.next(), context.next()]
    busy(4 * TIMEOUT)
    const types = (await ended(Promise.all(asked))).map((event) => event.type)
    assert.deepEqual(types, ['tool_call', 'waiting', 'failed'])
    context.close()
  })
})

describe('a run that waits for a tool is ended by the host', () => {
  test('by a signal, aborted before the host was busy, or after it', async () => {
    for (const early of [true, false]) {
      const context = await openWarm(60_000)
      const controller = new AbortController()
      const reason = new Error('enough')
      const run = context.run(PROGRAM, { signal: controller.signal })
      if (early) {
        controller.abort(reason)
      }
      busy(200)
      controller.abort(reason)
      assert.equal(await reasonOf(run), reason)
      assert.equal(await context.run('return 2', QUICK), 2)
      context.close()
    }
  })

  test('by stop, and by close', async () => {
    const stopped = await openWarm(60_000)
    const first = stopped.run(PROGRAM)
    busy(100)
    stopped.stop()
    assert.equal(await failureOf(first), 'stopped')
    assert.equal(await stopped.run('return 2', QUICK), 2)
    const second = stopped.run(PROGRAM)
    busy(100)
    stopped.close()
    assert.equal(await failureOf(second), 'disposed')
  })

  test('by stop after the deadline, before anything was heard', async () => {
    const context = await openWarm(TIMEOUT)
    const run = context.run(PROGRAM)
    busy(4 * TIMEOUT)
    context.stop()
    assert.ok(['timeout', 'stopped'].includes(await failureOf(run)))
    assert.equal(await context.run('return 2', QUICK), 2)
    context.close()
  })
})

describe('a worker is killed while the host is busy', () => {
  test('a run that waits for a tool ends', async () => {
    for (let i = 0; i < 5; i++) {
      const context = await openWarm(60_000)
      const pid = await pidOf(context)
      const run = context.run(PROGRAM)
      killBusily(pid)
      assert.equal(await failureOf(run), 'worker_died')
      assert.ok(context.closed)
      assert.equal(await failureOf(context.run('return 1')), 'disposed')
    }
  })

  test('stop, a signal and close do not keep it from ending', async () => {
    for (const end of /** @type {const} */ (['stop', 'abort', 'close'])) {
      const context = await openWarm(60_000)
      const pid = await pidOf(context)
      const controller = new AbortController()
      const run = context.run(PROGRAM, { signal: controller.signal })
      killBusily(pid)
      if (end === 'abort') {
        controller.abort()
      } else {
        context[end]()
      }
      const expected = end === 'close' ? 'disposed' : 'worker_died'
      assert.equal(await failureOf(run), expected)
    }
  })

  test('in a driver, and the program behind it', async () => {
    const driver = createIsolateDriver({ timeout: 60_000, trustDomain: 'killed while busy' })
    const context = await driver.createContext({ bindings: bind({ hangs }) })
    await context.execute('return 1')
    const run = context.execute(PROGRAM)
    const queued = context.execute('return 2')
    killBusily(...ownWorkers())
    assert.equal(failure(await ended(run)).name, 'WorkerDiedError')
    assert.equal(failure(await ended(queued)).name, 'DisposedError')
    await context.dispose()
  })

  test('events one by one, or asked for together: the last is the failure', async () => {
    for (const together of [true, false]) {
      const context = await openWarm(60_000)
      const pid = await pidOf(context)
      context.start(PROGRAM)
      const asked = together ? [context.next(), context.next(), context.next()] : []
      killBusily(pid)
      const types = []
      do {
        const next = asked.shift() ?? context.next()
        types.push(await ended(next.then((event) => event.type).catch(() => 'over')))
      } while (asked.length > 0 || !types.includes('failed'))
      const all = types.join()
      assert.ok(['tool_call,waiting,failed', 'failed', 'failed,over,over'].includes(all), all)
    }
  })

  test('between two runs: the next one says so, how it ended and once', async () => {
    const context = await openWarm(60_000)
    killBusily(await pidOf(context))
    assert.equal(context.closed, false)
    const { name, failure, usable, message } = /** @type {import('@hutch/isolate').RunError} */ (
      await reasonOf(context.run(PROGRAM))
    )
    assert.deepEqual([name, failure, usable], ['WorkerDiedError', 'worker_died', false])
    assert.match(message, /^The worker process was killed by SIGKILL/)
    assert.ok(context.closed)
    assert.equal(await failureOf(context.run(PROGRAM)), 'disposed')
  })

  test('between two runs, events one by one', async () => {
    const context = await openWarm(60_000)
    killBusily(await pidOf(context))
    context.start(PROGRAM)
    const event = await ended(context.next())
    assert.ok(event.type === 'failed' && event.failure === 'worker_died')
    assert.throws(() => context.start(PROGRAM), { name: 'DisposedError' })
  })

  test('between two programs of a driver: WorkerDiedError once, then DisposedError', async () => {
    const driver = createIsolateDriver({ trustDomain: 'killed between two programs' })
    const context = await driver.createContext({ bindings: {} })
    await context.execute('return 1')
    killBusily(...ownWorkers())
    assert.equal(failure(await ended(context.execute('return 2'))).name, 'WorkerDiedError')
    assert.equal(failure(await ended(context.execute('return 3'))).name, 'DisposedError')
    await context.dispose()
  })

  test('the zygote between two runs: the same for each of its contexts', async () => {
    const own = createPool()
    const contexts = [own.open(), own.open()]
    for (const context of contexts) {
      await context.run('return 1', QUICK)
    }
    const pids = await Promise.all(contexts.map((context) => pidOf(context)))
    process.kill(own.stats().zygotePid, 'SIGKILL')
    while (pids.some(isAlive));
    busy(50)
    for (const context of contexts) {
      assert.equal(await failureOf(context.run('return 1')), 'worker_died')
      assert.equal(await failureOf(context.run('return 1')), 'disposed')
    }
    own.close()
  })
})

describe('answers, one by one', () => {
  test('reach who waits for the next event already', async () => {
    const context = await openWarm(60_000)
    context.start('return await hangs({})')
    const first = await context.next()
    assert.ok(first.type === 'tool_call')
    const asked = [context.next(), context.next()]
    busy(20)
    assert.equal((await ended(Promise.race(asked))).type, 'waiting')
    context.reply(first.id, 'at last')
    assert.deepEqual(await ended(/** @type {Promise<unknown>} */ (asked[1])), {
      type: 'done',
      value: 'at last',
    })
    context.close()
  })

  test('that come at once are enough', async () => {
    const context = await openWarm(60_000)
    context.start('return await hangs({})')
    const asked = [context.next(), context.next()]
    const first = await ended(/** @type {Promise<any>} */ (asked[0]))
    context.reply(first.id, 'at once')
    const second = await ended(/** @type {Promise<any>} */ (asked[1]))
    const end = second.type === 'waiting' ? await ended(context.next()) : second
    assert.deepEqual(end, { type: 'done', value: 'at once' })
    context.close()
  })
})
