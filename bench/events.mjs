/**
 * What the kernel does for a context that a JavaScript runtime uses, on both sides: the figures of
 * bench/native's hutch-events, as far as /proc tells them. A runtime has threads and a collector of its
 * own, so these are no budgets; they are printed beside those of a host in C.
 *
 * Usage: node bench/events.mjs
 */

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = new URL('../', import.meta.url)
const NATIVE = fileURLToPath(new URL('build/release/bench/native/hutch-events', ROOT))
const BUDGETS = fileURLToPath(new URL('bench/events.tsv', ROOT))
const COMMANDS = {
  node: ['node', '--disable-warning=ExperimentalWarning'],
  bun: ['bun'],
  deno: ['deno', 'run', '--allow-all', '--quiet'],
}
const BATCHES = 20
const WARM_UP = 300

const calls = (/** @type {number} */ count) =>
  `let sum = 0; for (let i = 0; i < ${count}; i++) sum += await add({ value: i }); return sum`

/** @type {Record<string, { code: string, actions: number, reuses?: boolean, reply?: unknown }>} */
const scenarios = {
  fresh: { code: 'return 1 + 1', actions: 50 },
  reused: { code: 'return 1 + 1', actions: 50, reuses: true },
  'fresh, 8 calls in turn': { code: calls(8), actions: 20 },
  'fresh, 100 calls in turn': { code: calls(100), actions: 5 },
  'fresh, a reply of 1 MB': {
    code: 'return (await add({ value: 0 })).length',
    actions: 2,
    reply: Array.from({ length: 116_508 }, () => 12_345_678),
  },
}

/** @typedef {{ faults: number, switches: number }} Counts */

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // It has ended meanwhile.
  }
}

/** @param {string | number} process @returns {Counts} of all its threads */
function countsOf(process) {
  const folder = `/proc/${process}`
  const [, numbers = ''] = read(`${folder}/stat`).split(') ')
  const threads = readdirSync(`${folder}/task`).map((thread) => {
    const found = /^voluntary_ctxt_switches:\s+(\d+)/m.exec(read(`${folder}/task/${thread}/status`))
    return Number(found?.[1] ?? 0)
  })
  return {
    faults: Number(numbers.split(' ')[7] ?? 0),
    switches: threads.reduce((sum, count) => sum + count, 0),
  }
}

/** @param {string | number} process @returns {string[]} */
function childrenOf(process) {
  const threads = readdirSync(`/proc/${process}/task`)
  const texts = threads.map((thread) => read(`/proc/${process}/task/${thread}/children`))
  return texts.flatMap((text) => text.split(' ').filter((pid) => pid !== ''))
}

/** @param {Counts[]} all @returns {Counts} */
const sum = (all) =>
  all.reduce((a, b) => ({ faults: a.faults + b.faults, switches: a.switches + b.switches }), {
    faults: 0,
    switches: 0,
  })

function readSides() {
  const zygotes = childrenOf('self')
  const workers = [...zygotes, ...zygotes.flatMap(childrenOf)]
  return { host: countsOf('self'), worker: sum(workers.map(countsOf)) }
}

/** @param {number[]} values */
const smallest = (values) => Math.min(...values)

/** In the runtime that is counted. */
async function countScenarios() {
  const { createIsolateDriver } = await import('@hutch/isolate/tanstack')
  const driver = createIsolateDriver()
  /** @type {Record<string, unknown>} */
  const result = {}
  for (const [name, { code, actions, reuses, reply }] of Object.entries(scenarios)) {
    const execute = async (/** @type {{ value: number }} */ { value }) => reply ?? value + 1
    const bindings = { add: { name: 'add', description: '', inputSchema: {}, execute } }
    const open = () => driver.createContext({ bindings: /** @type {any} */ (bindings) })
    const kept = reuses ? await open() : undefined
    const act = async () => {
      const context = kept ?? (await open())
      const outcome = await context.execute(code)
      if (!outcome.success) throw new Error(outcome.error?.message)
      if (kept === undefined) await context.dispose()
    }
    for (let i = 0; i < Math.min(WARM_UP, actions * 8); i++) await act()
    /** @type {{ before: ReturnType<typeof readSides>, after: ReturnType<typeof readSides> }[]} */
    const batches = []
    for (let batch = 0; batch < BATCHES; batch++) {
      const before = readSides()
      for (let i = 0; i < actions; i++) await act()
      const after = readSides()
      batches.push({ before, after })
    }
    const figure = (/** @type {'host' | 'worker'} */ side, /** @type {keyof Counts} */ kind) =>
      smallest(batches.map(({ before, after }) => after[side][kind] - before[side][kind])) / actions
    result[name] = Object.fromEntries(
      /** @type {const} */ (['host', 'worker']).map((side) => [
        side,
        { faults: figure(side, 'faults'), switches: figure(side, 'switches') },
      ]),
    )
    await kept?.dispose()
  }
  console.log(JSON.stringify(result))
}

/** @param {number} count */
const cell = (count) => (count === 0 ? '**0**' : count.toFixed(count < 10 ? 2 : 0))

/** @param {string} runtime @param {string[]} command */
function report(runtime, [program, ...flags]) {
  const path = `${fileURLToPath(new URL('node_modules/.bin', ROOT))}:${process.env.PATH}`
  const child = spawnSync(
    /** @type {string} */ (program),
    [...flags, fileURLToPath(import.meta.url), '--count'],
    {
      encoding: 'utf8',
      env: { ...process.env, PATH: path, NO_COLOR: '1' },
      cwd: fileURLToPath(new URL('bench', ROOT)),
    },
  )
  if (child.status !== 0) {
    console.error(`${runtime}: ${child.stderr || child.error?.message}`)
    process.exitCode = 1
    return
  }
  for (const [name, sides] of Object.entries(JSON.parse(child.stdout))) {
    const { host, worker } = /** @type {{ host: Counts, worker: Counts }} */ (sides)
    const cells = [host.faults, host.switches, worker.faults, worker.switches].map(cell)
    console.log(`| ${name}, ${runtime} | ${cells.join(' | ')} |`)
  }
}

function reportAll() {
  const native = spawnSync(NATIVE, ['--budgets', BUDGETS], { stdio: 'inherit' })
  process.exitCode = native.status ?? 1
  console.log(
    '\n| an action, at best | host: faults | host: switches | worker: faults | worker: switches |',
  )
  console.log('| --- | ---: | ---: | ---: | ---: |')
  for (const [runtime, command] of Object.entries(COMMANDS)) report(runtime, command)
}

if (process.argv.includes('--count')) await countScenarios()
else if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) reportAll()
