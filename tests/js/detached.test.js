// Tool calls that nobody awaits: each is made, whatever becomes of its answer; and when the run ends.
// @ts-check
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { createPool, RunError } from '@hutch/isolate'
import { createIsolateDriver, createQuickJSBunIsolateDriver } from '@hutch/isolate/tanstack'

import { ample, bind, failure } from './support.js'

const pool = createPool()
after(() => pool.close())

/** Programs as models write them: calls that reach the host with 'deliver', and with 'wait', and what is
 *  logged with 'wait' besides warnings.
 *
 * @type {[string, string, number, number, unknown][]}
 */
const PROGRAMS = [
  ['fire and forget', "notify({ n: 1 })\nreturn 'ok'", 1, 1, 'ok'],
  [
    'forEach(async)',
    "[1, 2, 3].forEach(async (n) => { await notify({ n }) })\nreturn 'all'",
    3,
    3,
    'all',
  ],
  [
    'main() at the end',
    'async function main() { await notify({ n: 1 }); await notify({ n: 2 }) }\nmain().catch(console.error)',
    1,
    2,
    undefined,
  ],
  ['a then chain', 'notify({ n: 1 }).then(() => notify({ n: 2 }))\nreturn 3', 1, 2, 3],
  ['a call in a job', 'Promise.resolve().then(() => notify({ n: 1 }))\nreturn 4', 1, 1, 4],
  ['a race', 'return await Promise.race([notify({ n: 1 }), slow({})])', 2, 2, 'told'],
]

/** @param {{ calls: number }} seen */
const toolsOf = (seen) => ({
  notify: async () => {
    seen.calls++
    await new Promise((resolve) => setTimeout(resolve, 1))
    return 'told'
  },
  slow: async () => {
    seen.calls++
    await new Promise((resolve) => setTimeout(resolve, 20))
    return 'slow'
  },
})

describe('each call is made, each time', () => {
  for (const [what, code, delivered, waited, value] of PROGRAMS) {
    test(what, async () => {
      for (let i = 0; i < 20; i++) {
        for (const [create, expected] of /** @type {const} */ ([
          [createIsolateDriver, waited],
          [createQuickJSBunIsolateDriver, delivered],
        ])) {
          const seen = { calls: 0 }
          const driver = create({ timeout: ample(30_000), detachedTimeout: ample(30_000) })
          const context = await driver.createContext({ bindings: bind(toolsOf(seen)) })
          const result = await context.execute(code)
          assert.ok(result.success)
          assert.equal(result.value, value)
          assert.equal(seen.calls, expected)
          await context.dispose()
        }
      }
    })
  }
})

/** A small generator of random numbers, so that a failure can be tried again. @param {number} seed */
function random(seed) {
  return (/** @type {number} */ below) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return Math.floor((seed / 2 ** 31) * below)
  }
}

/** A program that says in its logs which calls it makes, each just before.
 *
 * @param {(below: number) => number} next
 */
function makeProgram(next) {
  let number = 0
  const call = () => `call(${++number})`
  /** @param {number} depth @returns {string} */
  const expression = (depth) => {
    const inner = () => (depth > 0 ? expression(depth - 1) : call())
    const forms = [
      call,
      () => `(async () => { ${block(depth - 1)} })()`,
      () => `${call()}.then(async () => { ${block(depth - 1)} })`,
      () => `Promise.all([${inner()}, ${inner()}])`,
      () => `Promise.race([${inner()}, ${inner()}])`,
      () => `[1, 2].forEach(async () => { ${block(depth - 1)} })`,
      () => `Promise.resolve().then(() => ${inner()})`,
      () => `Promise.allSettled([${inner()}, Promise.reject(1)])`,
    ]
    return /** @type {() => string} */ (depth > 0 ? forms[next(forms.length)] : call)()
  }
  /** @param {number} depth @returns {string} */
  const block = (depth) => {
    const lines = []
    for (let left = 1 + next(3); left > 0; left--) {
      lines.push(
        `${['', 'await ', 'void ', `const x${lines.length}${number} = `][next(4)]}${expression(depth)}`,
      )
    }
    return lines.join('; ')
  }
  const end = ['return 1', "throw new Error('thrown')", ''][next(5) % 3]
  return `const call = (n) => { console.log('made ' + n); return tool({ n }) };\n${block(3)};\n${end}`
}

test('random programs: the calls made inside are the calls seen outside', async () => {
  const next = random(20261126)
  for (let i = 0; i < 60; i++) {
    const code = makeProgram(next)
    for (const detached of /** @type {const} */ (['wait', 'deliver'])) {
      for (let round = 0; round < 20; round++) {
        /** @type {string[]} */
        const made = []
        /** @type {string[]} */
        const seen = []
        const context = pool.open({
          detached,
          detachedTimeout: ample(30_000),
          timeout: ample(60_000),
          tools: {
            tool: async (/** @type {{ n: number }} */ { n }) => {
              seen.push(`made ${n}`)
              if (round % 2 === 0) await null
              return n
            },
          },
        })
        const onLog = (/** @type {{ level: string, text: string }} */ { level, text }) => {
          if (level === 'log') made.push(text)
        }
        const outcome = await context.run(code, { onLog }).catch((error) => error)
        assert.ok(
          !(outcome instanceof RunError) || outcome.message === 'thrown',
          `${outcome}\n${code}`,
        )
        assert.deepEqual(seen.sort(), made.sort(), code)
        context.close()
      }
    }
  }
})

describe('what ends the waiting leaves the value', () => {
  const never = () => new Promise(() => {})
  const CODE = "never({}); return 'value'"

  /** @param {object} options @param {(context: import('@hutch/isolate').Context) => object} [more] */
  async function runWith(options, more) {
    const context = pool.open({ tools: { never }, timeout: ample(60_000), ...options })
    /** @type {string[]} */
    const logs = []
    const onLog = (/** @type {{ text: string }} */ { text }) => logs.push(text)
    const value = await context.run(CODE, { onLog, ...more?.(context) })
    assert.equal(value, 'value')
    assert.equal(logs.length, 2)
    assert.match(logs[0] ?? '', /^1 tool call \(never\) that nobody awaits: the result was taken/)
    assert.equal(await context.run('return 2'), 2)
    context.close()
    return logs[1] ?? ''
  }

  test('detachedTimeout', async () => {
    assert.match(
      await runWith({ detachedTimeout: 20 }),
      /\(never\) .* when detachedTimeout was over/,
    )
    assert.match(
      await runWith({ detachedTimeout: 0 }),
      /\(never\) .* when detachedTimeout was over/,
    )
  })

  test('an abort', async () => {
    const stop = new AbortController()
    const logs = runWith({ detachedTimeout: ample(60_000) }, () => {
      setTimeout(() => stop.abort(), 50)
      return { signal: stop.signal }
    })
    assert.match(await logs, /\(never\) .* when the run was stopped/)
  })

  test('stop', async () => {
    const logs = runWith({ detachedTimeout: ample(60_000) }, (context) => {
      setTimeout(() => context.stop(), 50)
      return {}
    })
    assert.match(await logs, /\(never\) .* when the run was stopped/)
  })

  test('the timeout of the run', async () => {
    const context = pool.open({ tools: { never }, detachedTimeout: ample(60_000) })
    assert.equal(await context.run('return 1'), 1)
    assert.equal(await context.run(CODE, { timeout: ample(300) }), 'value')
    context.close()
  })

  test('dispose of a driver’s context', async () => {
    const driver = createIsolateDriver({ detachedTimeout: ample(60_000) })
    const context = await driver.createContext({ bindings: bind({ never }) })
    const running = context.execute(CODE)
    setTimeout(() => void context.dispose(), 50)
    const result = await running
    assert.equal(result.value, 'value')
  })

  test('but not the death of its worker', async () => {
    const context = pool.open({ tools: { never }, detachedTimeout: ample(60_000) })
    const running = context.run(CODE)
    setTimeout(() => process.kill(context.pid, 'SIGKILL'), 50)
    await assert.rejects(running, { failure: 'worker_died' })
  })
})

test("'fail' names the calls, and the context goes on", async () => {
  const never = () => new Promise(() => {})
  const driver = createIsolateDriver({ detached: 'fail' })
  const context = await driver.createContext({ bindings: bind({ never, add: async () => 1 }) })
  const { name, message } = failure(await context.execute('never({}); return 1'))
  assert.equal(name, 'DetachedCallError')
  assert.match(message, /1 tool call \(never\) had no answer/)
  assert.equal((await context.execute('return await add({})')).value, 1)
  await context.dispose()
})

test('the logs of a driver say so', async () => {
  const driver = createIsolateDriver()
  const context = await driver.createContext({ bindings: bind({ t: async () => 1 }) })
  const { logs } = await context.execute("t({}).then(() => console.log('later')); return 1")
  assert.match(logs?.[0] ?? '', /^WARN: 1 tool call \(t\) that nobody awaits/)
  assert.deepEqual(logs?.slice(1), ['later'])
  assert.deepEqual((await context.execute('await t({}); return 1')).logs, [])
  await context.dispose()
})

test('rejections that nobody handles are lines of the logs, but in the drop-in', async () => {
  const code = '[1].forEach(async () => { await t({}); null.x })\nreturn 1'
  for (const [create, expected] of /** @type {const} */ ([
    [
      createIsolateDriver,
      /^ERROR: Unhandled rejection: TypeError: .*null.* \(line 1, column \d+\)$/,
    ],
    [createQuickJSBunIsolateDriver, undefined],
  ])) {
    const driver = create()
    const context = await driver.createContext({ bindings: bind({ t: async () => 1 }) })
    const { success, logs } = await context.execute(code)
    assert.ok(success)
    if (expected === undefined) {
      assert.deepEqual(logs, [])
    } else {
      assert.match(logs?.at(-1) ?? '', expected)
    }
    await context.dispose()
  }
})

/** Programs that leave rejections, calls or both behind.
 *
 * @type {[string, string][]}
 */
const LEFT = [
  ['nothing more', ''],
  ['a job without end', 'Promise.resolve().then(() => { for (;;) {} });'],
  ['jobs without end', '(async () => { for (;;) await null })();'],
]

describe('rejections are told whatever ends the waiting', () => {
  const never = () => new Promise(() => {})
  const rejects = "for (let i = 0; i < 30; i++) Promise.reject(new RangeError('r' + i));"
  for (const [what, rest] of LEFT) {
    for (const how of ['detachedTimeout', 'timeout', 'stop', 'cpuTime']) {
      test(`${how}, ${what}`, async () => {
        const long = ample(60_000)
        const context = pool.open({
          tools: { never },
          timeout: how === 'timeout' ? ample(200) : long,
          detachedTimeout: how === 'detachedTimeout' ? 20 : long,
          ...(how === 'cpuTime' && { cpuTime: 50 }),
        })
        /** @type {string[]} */
        const lines = []
        const onLog = (/** @type {{ text: string }} */ { text }) => {
          lines.push(text)
          if (how === 'stop' || (how === 'cpuTime' && rest === '')) {
            context.stop()
          }
        }
        const code = `never({}); ${rejects} ${rest} return 1`
        assert.equal(await context.run(code, { onLog }), 1)
        const told = lines.filter((line) => line.includes('had no answer when'))
        const rejections = lines.filter((line) => /^Unhandled rejection: .*: r\d+ \(/.test(line))
        assert.equal(told.length, 1, lines.join('\n'))
        assert.equal(rejections.length, 30, lines.join('\n'))
        assert.equal(await context.run('return 2', { timeout: long }), 2)
        context.close()
      })
    }
  }

  test('but getters of errors that never end are cut off', async () => {
    const context = pool.open({ tools: { never }, detachedTimeout: 20 })
    /** @type {string[]} */
    const lines = []
    const code = `never({})
      Promise.reject({ get name() { for (;;) {} } })
      return 1`
    const onLog = (/** @type {{ text: string }} */ { text }) => void lines.push(text)
    assert.equal(await context.run(code, { onLog }), 1)
    assert.match(lines[1] ?? '', /had no answer when detachedTimeout was over/)
    context.close()
  })
})

test("with 'fail' rejections are told, too", async () => {
  const driver = createIsolateDriver({ detached: 'fail' })
  const context = await driver.createContext({ bindings: bind({ t: () => new Promise(() => {}) }) })
  const result = await context.execute("t({}); Promise.reject(new Error('why')); return 1")
  assert.equal(failure(result).name, 'DetachedCallError')
  assert.match(result.logs?.[0] ?? '', /^ERROR: Unhandled rejection: Error: why \(line 1/)
  await context.dispose()
})

for (const [what, options] of /** @type {const} */ ([
  ['entries', { maxLogEntries: 10 }],
  ['no entries', { maxLogEntries: 0 }],
  ['text', { maxLogLength: 100 }],
  ['no text', { maxLogLength: 0 }],
])) {
  test(`the warnings are heard however much the program logs: ${what}`, async () => {
    const never = () => new Promise(() => {})
    const context = pool.open({ tools: { never }, detachedTimeout: 20, ...options })
    /** @type {string[]} */
    const lines = []
    const onLog = (/** @type {{ text: string }} */ { text }) => void lines.push(text)
    const code = "never({}); for (let i = 0; i < 100; i++) console.log('x'.repeat(10)); return 1"
    assert.equal(await context.run(code, { onLog }), 1)
    const [cut, taken, end] = lines.slice(-3)
    assert.equal(cut, '[log output truncated]')
    assert.match(taken ?? '', /^1 tool call \(never\) that nobody awaits: the result was taken/)
    assert.match(end ?? '', /\(never\) .* when detachedTimeout was over/)
    context.close()
  })
}

test('calls that a failure leaves unmade are told', async () => {
  const driver = createIsolateDriver({ maxToolCalls: 100, timeout: ample(2000) })
  for (let i = 0; i < 20; i++) {
    let calls = 0
    const t = async () => {
      calls++
    }
    const context = await driver.createContext({ bindings: bind({ t }) })
    const { success, logs } = await context.execute('t({}); t({}); for (;;) {}')
    assert.ok(!success)
    const told = logs?.filter((line) => line.includes('not made')) ?? []
    const untold = Number(/^WARN: (\d+) tool call/.exec(told[0] ?? '')?.[1] ?? 0)
    assert.equal(calls + untold, 2)
    await context.dispose()
    if (i === 0 && calls === 2) break
  }
})

/** Calls that a line of the logs says were not made.
 *
 * @param {string[]} lines
 */
function unmadeOf(lines) {
  const told = lines.map((line) => Number(/(\d+) tool calls? w\w+ not made/.exec(line)?.[1] ?? 0))
  return told.reduce((sum, count) => sum + count, 0)
}

/** Long enough for a program to make its calls meanwhile: the event loop stands still. */
function holdStill() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30)
}

for (const detached of /** @type {const} */ (['wait', 'deliver', 'fail'])) {
  for (const how of ['stop', 'abort']) {
    for (const end of ['return 1', 'await new Promise(() => {})', 'for (;;) {}']) {
      test(`${detached}, ${how}, ${end}: each of 200 calls is made or told`, async () => {
        let calls = 0
        /** @type {string[]} */
        const lines = []
        const control = new AbortController()
        const t = () => {
          calls++
          if (calls === 1) {
            holdStill()
            how === 'stop' ? context.stop() : control.abort()
          }
          return new Promise(() => {})
        }
        const context = await pool.open({ tools: { t }, detached })
        const listeners = {
          signal: control.signal,
          onLog: (/** @type {{ text: string }} */ entry) => void lines.push(entry.text),
        }
        await context
          .run(`for (let i = 0; i < 200; i++) t({ i }); ${end}`, listeners)
          .catch((error) => assert.match(error.name, /^(AbortError|DetachedCallError|Error)$/))
        assert.equal(calls + unmadeOf(lines), 200, lines.join())
        assert.ok(calls < 200)
        await context.close()
      })
    }
  }
}

for (const [what, options, end, name] of /** @type {const} */ ([
  ['maxResultSize', { maxResultSize: 10 }, "return 'x'.repeat(100)", 'LimitError'],
  ['memoryLimit', { memoryLimit: 8 }, "return ['x'.repeat(1e7)]", 'MemoryLimitError'],
  ['maxStackSize', {}, 'const f = () => 1 + f(); return f()', 'StackOverflowError'],
])) {
  test(`the calls of a program that meets ${what} are made, each time`, async () => {
    for (let i = 0; i < 20; i++) {
      let calls = 0
      const t = () => {
        calls++
        return new Promise(() => {})
      }
      const context = pool.open({ tools: { t }, ...options })
      /** @type {string[]} */
      const lines = []
      const onLog = (/** @type {{ text: string }} */ { text }) => void lines.push(text)
      const running = context.run(`t({}); t({}); ${end}`, { onLog })
      // With luck all of it comes in one batch; the outcome is the same.
      holdStill()
      await assert.rejects(running, { name })
      assert.equal(calls, 2)
      assert.equal(unmadeOf(lines), 0)
      context.close()
    }
  })
}

for (const how of ['stop', 'abort']) {
  test(`${how}: a call whose input comes in pieces is told, too`, async () => {
    let calls = 0
    /** @type {string[]} */
    const lines = []
    const control = new AbortController()
    const t = () => {
      calls++
      holdStill()
      how === 'stop' ? context.stop() : control.abort()
      return new Promise(() => {})
    }
    const context = pool.open({ tools: { t } })
    const onLog = (/** @type {{ text: string }} */ { text }) => void lines.push(text)
    await context.run('t({}); t(Array(12_000).fill(1)); t({}); return 1', {
      onLog,
      signal: control.signal,
    })
    assert.equal(calls, 1)
    assert.equal(unmadeOf(lines), 2, lines.join())
    context.close()
  })
}

test('who takes events gets a call whose input comes in pieces, also when he has asked for a stop', async () => {
  const context = pool.open({ tools: ['t'] })
  context.start('t(0); t(Array(12_000).fill(1)); t(2); return 1')
  /** @type {unknown[]} */
  const inputs = []
  for await (const event of context.events()) {
    if (event.type === 'tool_call') {
      inputs.push(Array.isArray(event.input) ? event.input.length : event.input)
    }
    if (inputs.length === 1) {
      holdStill()
      setTimeout(() => context.stop(), 0)
    }
  }
  assert.deepEqual(inputs, [0, 12_000, 2])
  context.close()
})

test('with fail, the calls of a program that returns are made, each time', async () => {
  for (let i = 0; i < 20; i++) {
    let calls = 0
    const t = () => {
      calls++
      return new Promise(() => {})
    }
    for (const create of [createIsolateDriver, createQuickJSBunIsolateDriver]) {
      calls = 0
      const driver = create({ detached: 'fail' })
      const context = await driver.createContext({ bindings: bind({ t }) })
      const result = await context.execute(
        't({}); t({}); Promise.resolve().then(() => t({})); return 1',
      )
      assert.equal(failure(result).name, 'DetachedCallError')
      assert.equal(calls, 3)
      await context.dispose()
    }
  }
})

test('a job that seldom looks up, so that mostly a kill ends it, costs no value', async () => {
  const driver = createIsolateDriver({ timeout: ample(500) })
  const context = await driver.createContext({ bindings: bind({ t: () => new Promise(() => {}) }) })
  const loop = 'for (;;) "x".repeat(5e6).normalize("NFKD")'
  const code = `t({}); Promise.resolve().then(() => { ${loop} }); return { a: [1] }`
  const { success, value, logs } = await context.execute(code)
  assert.ok(success)
  assert.deepEqual(value, { a: [1] })
  assert.match(logs?.at(-1) ?? '', /^WARN: .*1 tool call \(t\).* had no answer when .* was over$/)
  const { error } = await context.execute('return 1')
  assert.ok(error === undefined || error.name === 'DisposedError')
  await context.dispose()
})
