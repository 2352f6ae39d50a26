// Processes: what keeps the host alive, what ends when it ends, what happens when one is killed.
// @ts-check
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Worker } from 'node:worker_threads'

import { createPool } from '@hutch/isolate'
import { close, createIsolateDriver, warm } from '@hutch/isolate/tanstack'

import {
  ample,
  bind,
  failure,
  isAlive,
  pending,
  pidOf,
  spawnFixture,
  success,
  until,
} from './support.js'

describe('the end of the host', () => {
  test('an idle process ends by itself, with its contexts still open', async () => {
    const fixture = spawnFixture('idle.js')
    const { status, output } = await fixture.ended
    assert.equal(status, 0)
    const { values, pids } = JSON.parse(output)
    assert.deepEqual(values, [2, 3])
    await until('all processes have ended', () => !pids.some(isAlive))
  })

  test('a process that only awaits an execute waits for it', async () => {
    const { status, output } = await spawnFixture('waiting.js').ended
    assert.deepEqual([status, JSON.parse(output)], [0, { name: 'TimeoutError' }])
  })

  test('kill -9 of the host: no process stays', async () => {
    const fixture = spawnFixture('host.js')
    const { pids } = await fixture.firstLine()
    assert.equal(pids.length, 5)
    assert.ok(pids.every((/** @type {number} */ pid) => pid > 1 && isAlive(pid)))
    fixture.child.kill('SIGKILL')
    await fixture.ended
    await until('all processes have ended', () => !pids.some(isAlive))
  })

  test('process.exit() in mid-run: no process stays, and the status is kept', async () => {
    const fixture = spawnFixture('host.js', 'exit')
    const { status, output } = await fixture.ended
    assert.equal(status, 7)
    const { pids } = JSON.parse(output)
    await until('all processes have ended', () => !pids.some(isAlive))
  })
})

describe('a run that nobody reads to its end', () => {
  for (const cause of ['deadline', 'loss']) {
    for (const how of ['unread', 'spin', 'log', 'waiting', 'flood', 'input']) {
      test(`${how}: the process ends once the run is over by its ${cause}`, async () => {
        const { status, output } = await spawnFixture('unread.js', how, cause).ended
        assert.deepEqual([status, JSON.parse(output)], [0, { held: 0 }])
      })
    }
  }

  test('what it held is given back, and its end can still be read', async () => {
    const pool = createPool()
    const context = pool.open({ tools: ['ask'], timeout: 500 })
    context.start('await ask("x".repeat(1e6))')
    assert.equal((await context.next()).type, 'tool_call')
    assert.ok(pool.stats().heldBytes >= 1e6)
    await until('the run is over', () => pool.stats().heldBytes === 0)
    let last = ''
    for await (const event of context.events()) {
      last = event.type === 'failed' ? event.name : event.type
    }
    assert.equal(last, 'TimeoutError')
    assert.equal(await context.run('return 1'), 1)
    pool.close()
  })
})

describe('kill -9 of a worker', () => {
  test('in mid-run: a clear error; others go on; the next context works', async () => {
    const pool = createPool()
    const over = pending()
    const tools = { wait: () => over.promise }
    const victim = pool.open()
    const others = Array.from({ length: 4 }, () => pool.open({ tools }))
    await Promise.all([victim, ...others].map((context) => context.run('return 1')))
    const pid = await pidOf(victim)
    const running = victim.run('for (;;) {}')
    const going = others.map((context) => context.run('return wait({})'))
    process.kill(pid, 'SIGKILL')
    await assert.rejects(running, (/** @type {import('@hutch/isolate').RunError} */ error) => {
      assert.deepEqual([error.name, error.failure], ['WorkerDiedError', 'worker_died'])
      assert.notEqual(error.message, '')
      assert.equal(error.usable, false)
      return true
    })
    assert.equal(victim.closed, true)
    over.resolve('waited')
    assert.deepEqual(await Promise.all(going), ['waited', 'waited', 'waited', 'waited'])
    const next = pool.open()
    assert.equal(await next.run('return 5'), 5)
    assert.equal(pool.stats().workersDied, 1)
    pool.close()
  })

  test('between two runs: the next run gets a clear error, the next context works', async () => {
    const pool = createPool()
    const victim = pool.open()
    await victim.run('return 1')
    const pid = await pidOf(victim)
    process.kill(pid, 'SIGKILL')
    await until('the worker has ended', () => !isAlive(pid))
    await assert.rejects(victim.run('return 1'), { name: 'WorkerDiedError' })
    assert.equal(await pool.open().run('return 2'), 2)
    pool.close()
  })

  test('while a tool call is open: the answer is dropped', async () => {
    const pool = createPool()
    /** @type {(value: unknown) => void} */
    let answer = () => {}
    const tools = { t: () => new Promise((resolve) => (answer = resolve)) }
    const victim = pool.open({ tools })
    await victim.run('return 1')
    const running = victim.run('return t({})')
    process.kill(await pidOf(victim), 'SIGKILL')
    await assert.rejects(running, { name: 'WorkerDiedError' })
    answer('late')
    assert.equal(await pool.open().run('return 2'), 2)
    pool.close()
  })

  test('kill -9 of the zygote: a later context works', async () => {
    const pool = createPool({ spare: 0 })
    const first = pool.open()
    assert.equal(await first.run('return 1'), 1)
    const { zygotePid } = pool.stats()
    assert.ok(zygotePid > 1)
    process.kill(zygotePid, 'SIGKILL')
    await until('the pool knows', () => pool.stats().zygotePid !== zygotePid)
    assert.equal(await pool.open().run('return 2'), 2)
    pool.close()
    const fresh = createPool()
    assert.equal(await fresh.open().run('return 3'), 3)
    fresh.close()
  })
})

describe('a guest that spins', () => {
  for (const code of ['while (true) {}', 'for (;;) await null']) {
    test(`the host's timers go on beating: ${code}`, async () => {
      const pool = createPool()
      const context = pool.open({ timeout: ample(60_000) })
      const stop = new AbortController()
      let beats = 0
      // Only they end the program before its time.
      const timer = setInterval(() => ++beats === 100 && stop.abort(new Error('100 beats')), 1)
      await assert.rejects(context.run(code, { signal: stop.signal }), { message: '100 beats' })
      clearInterval(timer)
      pool.close()
    })
  }

  test('several at once, one of them in a long call of the engine', async () => {
    const driver = createIsolateDriver({ timeout: 200 })
    const codes = ['for (;;) {}', 'for (;;) await null', "return /(a+)+b/.test('a'.repeat(60))"]
    const results = await Promise.all(
      codes.map(async (code) => {
        const context = await driver.createContext({ bindings: {} })
        const result = await context.execute(code)
        await context.dispose()
        return failure(result).name
      }),
    )
    assert.deepEqual(results, ['TimeoutError', 'TimeoutError', 'TimeoutError'])
  })
})

describe('worker threads', () => {
  /** @param {object} workerData */
  const start = (workerData) =>
    new Worker(new URL('./fixtures/thread.js', import.meta.url), { workerData })

  test('several threads with drivers of their own', async () => {
    const threads = [1, 2, 3].map(async (number) => {
      const worker = start({ task: 'compute', number })
      const ended = once(worker, 'exit')
      const [values] = await once(worker, 'message')
      assert.deepEqual(
        values,
        Array.from({ length: 20 }, (_, i) => i + number),
      )
      await ended
    })
    const context = await createIsolateDriver().createContext({ bindings: {} })
    assert.equal(success(await context.execute('return 1')), 1)
    await Promise.all(threads)
    assert.equal(success(await context.execute('return 2')), 2)
    await context.dispose()
  })

  test('terminate() in mid-run ends its processes, and nothing else', async () => {
    const context = await createIsolateDriver().createContext({ bindings: {} })
    for (let round = 0; round < 3; round++) {
      const worker = start({ task: 'spin' })
      const [pids] = await once(worker, 'message')
      assert.ok(pids.every((/** @type {number} */ pid) => isAlive(pid)))
      await worker.terminate()
      await until('all processes have ended', () => !pids.some(isAlive))
    }
    assert.equal(success(await context.execute('return 1')), 1)
    await context.dispose()
  })
})

describe('the pool of the drivers', () => {
  test('close() disposes all contexts; drivers go on with a new pool', async () => {
    const driver = createIsolateDriver()
    const bindings = bind({ never: () => new Promise(() => {}) })
    const idle = await driver.createContext({ bindings })
    success(await idle.execute('return 1'))
    const busy = await driver.createContext({ bindings })
    const running = busy.execute('await never({})')
    close()
    assert.equal(failure(await running).name, 'DisposedError')
    assert.equal(failure(await idle.execute('return 1')).name, 'DisposedError')
    await Promise.all([idle.dispose(), busy.dispose()])
    warm()
    const next = await driver.createContext({ bindings })
    assert.equal(success(await next.execute('return 2')), 2)
    await next.dispose()
  })

  test('500 contexts, one after the other, leak no descriptor', async () => {
    const driver = createIsolateDriver()
    const once500 = async () => {
      for (let i = 0; i < 500; i++) {
        const context = await driver.createContext({ bindings: {} })
        assert.equal(success(await context.execute(`return ${i}`)), i)
        await context.dispose()
      }
    }
    await once500()
    const before = readdirSync('/proc/self/fd').length
    await once500()
    assert.ok(readdirSync('/proc/self/fd').length <= before + 8)
  })
})
