/**
 * What happens to the runs of a storm. A scenario opens a context, begins a run,
 * lets something happen to it, and says how the run may end.
 */

import { RunError } from '@hutch/isolate'

/** @typedef {import('@hutch/isolate').Pool} Pool */
/** @typedef {import('@hutch/isolate').Context} Context */

/**
 * @typedef {object} Begun
 * @property {Promise<unknown>} run
 * @property {unknown} expected its value, if it has one
 * @property {Context} context
 */

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {readonly string[]} endings
 * @property {(pool: Pool, reason: Error) => Begun} begin
 */

/** @template T @param {readonly T[]} choices @returns {T} */
export function draw(choices) {
  return /** @type {T} */ (choices[Math.floor(Math.random() * choices.length)])
}

/** Hold the thread. @param {number} ms */
function busy(ms) {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** Mostly not at all, sometimes past every deadline and grace. */
function busyAtTimes() {
  busy(draw([0, 0, 0, 0, 1, 5, 20, 100, 200]))
}

/** Later than now by a few jobs. @param {number} jobs */
async function afterJobs(jobs) {
  for (let i = 0; i < jobs; i++) {
    await null
  }
}

const tools = {
  /** @param {unknown} input */
  add: (input) => {
    const { a, b } = /** @type {{ a: number, b: number }} */ (input)
    busyAtTimes()
    return draw([a + b, Promise.resolve(a + b), afterJobs(5).then(() => a + b)])
  },
  hangs: () => new Promise(() => {}),
}

const ADDS =
  'let sum = 0; for (let i = 0; i < 5; i++) sum = await add({ a: sum, b: i }); return sum'
const PROGRAMS = [
  { code: ADDS, expected: 10 },
  { code: 'return "x".repeat(3)', expected: 'xxx' },
  {
    code: 'return (await Promise.all([1, 2, 3].map((b) => add({ a: 1, b })))).join()',
    expected: '2,3,4',
  },
  {
    code: 'for (let i = 0; i < 1e5; i++); console.log("x"); return add({ a: 1, b: 1 })',
    expected: 2,
  },
]
const HANGING = [
  'return hangs({})',
  'for (let i = 0; i < 1e5; i++); return hangs({})',
  'await add({ a: 1, b: 1 }); await Promise.all([hangs({}), add({ a: 1, b: 2 })])',
  'console.log("x".repeat(1e5)); return hangs({})',
]
const ENDLESS = ['for (;;);', 'for (;;) await null', 'for (;;) await add({ a: 1, b: 1 })']

let domains = 0

/** @param {Pool} pool @param {number} timeout @param {boolean} [alone] whether nobody else has its worker */
function open(pool, timeout, alone = false) {
  const trustDomain = alone ? ++domains : 0
  return pool.open({ tools, timeout, trustDomain, maxToolCalls: 1_000_000 })
}

/** Does it now, some jobs later, or when the guest calls `add` for the first time. @param {() => void} act
 *  @param {Context} context @param {string} code @param {AbortSignal} [signal] */
function runAnd(act, context, code, signal) {
  const when = draw(['now', 'soon', 'at a call'])
  let acted = false
  const once = () => {
    if (!acted) {
      acted = true
      act()
    }
  }
  const run = context.run(code, {
    ...(signal !== undefined && { signal }),
    tools: {
      /** @param {unknown} input */
      add: (input) => {
        if (when === 'at a call') {
          once()
        }
        return tools.add(input)
      },
    },
  })
  // Whoever listens first: the run may be over before the host turns its loop.
  run.catch(() => {})
  busyAtTimes()
  if (when === 'now') {
    once()
  } else if (when === 'soon') {
    void afterJobs(draw([1, 10, 100])).then(once)
  }
  busyAtTimes()
  return run
}

/** @param {Context} context */
function kill(context) {
  if (context.pid !== 0) {
    process.kill(context.pid, 'SIGKILL')
  }
}

/** Every program with every end, so that one which would wait for ever is timed out instead.
 *  @param {string} name @param {readonly string[]} endings
 *  @param {(context: Context) => void} act @returns {Scenario} */
function disturbed(name, endings, act) {
  return {
    name,
    endings: ['right', 'timeout', ...endings],
    begin: (pool) => {
      const { code, expected } = draw([
        ...PROGRAMS,
        ...HANGING.map((hanging) => ({ code: hanging, expected: undefined })),
        ...ENDLESS.map((endless) => ({ code: endless, expected: undefined })),
      ])
      // One that is killed when its run is over must not be another's.
      const context = open(pool, draw([30, 100, 300]), true)
      return { run: runAnd(() => act(context), context, code), expected, context }
    },
  }
}

/** The events of a run one by one, asked for one at a time or several at once.
 *  @param {Context} context @param {string} code */
async function runByEvents(context, code) {
  context.start(code)
  busyAtTimes()
  /** @type {Promise<import('@hutch/isolate').HutchEvent>[]} */
  const asked = []
  for (;;) {
    while (asked.length < draw([1, 1, 3])) {
      const next = context.next()
      next.catch(() => {})
      asked.push(next)
    }
    const event = await /** @type {Promise<import('@hutch/isolate').HutchEvent>} */ (asked.shift())
    busyAtTimes()
    if (event.type === 'done') {
      return event.value
    }
    if (event.type === 'failed') {
      throw new RunError(event)
    }
    if (event.type === 'tool_call' && event.name === 'add') {
      context.reply(event.id, await tools.add(event.input))
    }
  }
}

/** @type {readonly Scenario[]} */
export const SCENARIOS = [
  {
    name: 'undisturbed',
    endings: ['right'],
    begin: (pool) => {
      const { code, expected } = draw(PROGRAMS)
      const context = open(pool, 60_000)
      return { run: runAnd(() => {}, context, code), expected, context }
    },
  },
  {
    name: 'hangs',
    endings: ['timeout'],
    begin: (pool) => {
      const context = open(pool, draw([10, 30, 100]))
      return {
        run: runAnd(() => {}, context, draw([...HANGING, ...ENDLESS])),
        expected: undefined,
        context,
      }
    },
  },
  {
    name: 'event by event',
    endings: ['right', 'timeout'],
    begin: (pool) => {
      const { code, expected } = draw([
        ...PROGRAMS,
        ...HANGING.map((code) => ({ code, expected: undefined })),
      ])
      const context = open(pool, draw([100, 1000]))
      return { run: runByEvents(context, code), expected, context }
    },
  },
  disturbed('killed', ['worker_died'], kill),
  disturbed('stopped', ['stopped'], (context) => context.stop()),
  disturbed('closed', ['disposed'], (context) => context.close()),
  {
    name: 'aborted',
    endings: ['right', 'timeout', 'aborted'],
    begin: (pool, reason) => {
      const controller = new AbortController()
      const { code, expected } = draw([
        ...PROGRAMS,
        ...HANGING.map((code) => ({ code, expected: undefined })),
      ])
      const context = open(pool, draw([100, 300]))
      const run = runAnd(() => controller.abort(reason), context, code, controller.signal)
      return { run, expected, context }
    },
  },
]
