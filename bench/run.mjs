/**
 * The bench. Starts one process per peer and runtime, and has them measure in
 * turn, a short slice each, round after round: whatever disturbs the machine
 * for a while disturbs all of them alike. While one measures the others sleep.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeCommit, describeMachine, versionOf } from './machine.mjs'
import { helpText, parseOptions } from './options.mjs'
import { importPeer, peers } from './peers/peers.mjs'
import { markdown } from './report.mjs'
import { Runner, runtimes } from './runner.mjs'
import { scenarios } from './scenarios.mjs'
import { summarize } from './statistics.mjs'

/** Milliseconds of warm-up and of a slice; how many rounds, and how many new processes. */
const THOROUGH = { warmUp: 1000, slice: 400, rounds: 8, processes: 20 }
const QUICK = { warmUp: 200, slice: 100, rounds: 3, processes: 5 }

const OUTPUT = fileURLToPath(new URL('../build/bench/', import.meta.url))
const NATIVE = fileURLToPath(new URL('../build/release/bench/native/hutch-bench', import.meta.url))

/**
 * @typedef {object} Entrant
 * @property {string} peer
 * @property {import('./runner.mjs').Runtime} runtime
 * @property {string} title
 * @property {Runner | undefined} runner  undefined once it has died
 * @property {Map<string, number[] | string>} results  microseconds by scenario, or what went wrong
 */

/** @param {string} text */
function progress(text) {
  process.stderr.write(`bench: ${text}\n`)
}

/** @param {import('./options.mjs').Options} options @returns {Promise<Entrant[]>} */
async function enter(options) {
  const wanted = (/** @type {string[]} */ list, /** @type {string} */ name) =>
    list.length === 0 || list.includes(name)
  const entrants = []
  for (const name of Object.keys(peers).filter((peer) => wanted(options.peer, peer))) {
    const peer = await importPeer(name)
    for (const runtime of runtimes.filter((each) => wanted(options.runtime, each))) {
      if (!peer.runtimes.includes(runtime)) continue
      const title = `${peer.title} ${versionOf(peer.package)}, ${runtime}`
      entrants.push({ peer: name, runtime, title, runner: undefined, results: new Map() })
    }
  }
  return entrants
}

/**
 * Has one entrant measure one slice. A death or an error becomes the result
 * of the scenario, and the entrant goes on with the next one, in a new process.
 *
 * @param {Entrant} entrant
 * @param {string} scenario
 * @param {number} milliseconds
 * @param {boolean} keep  false: warm-up
 */
async function slice(entrant, scenario, milliseconds, keep) {
  const before = entrant.results.get(scenario) ?? []
  if (typeof before === 'string') return
  entrant.runner ??= new Runner(entrant.peer, entrant.runtime)
  try {
    const samples = await entrant.runner.ask('measure', { scenario, milliseconds })
    if (keep) entrant.results.set(scenario, before.concat(samples))
  } catch (error) {
    await entrant.runner.close()
    entrant.runner = undefined
    entrant.results.set(scenario, `failed: ${/** @type {Error} */ (error).message}`)
  }
}

/**
 * The first result of a new process, measured from the end of the import.
 *
 * @param {Entrant} entrant
 * @param {string} scenario
 */
async function inNewProcess(entrant, scenario) {
  await entrant.runner?.close()
  entrant.runner = undefined
  const before = entrant.results.get(scenario) ?? []
  if (typeof before === 'string') return
  const runner = new Runner(entrant.peer, entrant.runtime)
  try {
    const first = await runner.ask('first', { scenario })
    entrant.results.set(scenario, before.concat(first))
  } catch (error) {
    entrant.results.set(scenario, `failed: ${/** @type {Error} */ (error).message}`)
  }
  await runner.close()
}

/** @param {Entrant[]} entrants @param {typeof scenarios} chosen @param {typeof QUICK} effort */
async function measureAll(entrants, chosen, effort) {
  for (const { name, context } of chosen) {
    progress(name)
    if (context === 'process') {
      for (let round = 0; round < effort.processes; round += 1) {
        for (const entrant of entrants) await inNewProcess(entrant, name)
      }
      continue
    }
    for (const entrant of entrants) await slice(entrant, name, effort.warmUp, false)
    for (let round = 0; round < effort.rounds; round += 1) {
      for (const entrant of entrants) await slice(entrant, name, effort.slice, true)
    }
  }
}

/** @param {Entrant[]} entrants @returns {Promise<Record<string, string>>} */
async function runtimeVersions(entrants) {
  /** @type {Record<string, string>} */
  const versions = {}
  for (const { peer, runtime } of entrants) {
    if (versions[runtime] !== undefined) continue
    const runner = new Runner(peer, runtime)
    versions[runtime] = (await runner.ask('describe')).runtime
    await runner.close()
  }
  return versions
}

/** @param {boolean} quick @returns {string} a table of the parts below JavaScript */
function measureNative(quick) {
  progress('the parts below JavaScript')
  return execFileSync(NATIVE, quick ? ['--quick'] : [], { encoding: 'utf8' }).trim()
}

/**
 * @param {Entrant[]} entrants
 * @param {typeof scenarios} chosen
 * @param {string | undefined} native  the table of the parts, where they were measured
 * @param {boolean} quick
 */
async function report(entrants, chosen, native, quick) {
  const about = {
    ...describeMachine(),
    ...(await runtimeVersions(entrants)),
    commit: describeCommit(),
    date: new Date().toISOString().slice(0, 16),
    effort: quick ? 'quick' : 'thorough',
  }
  const rows = entrants.map(({ peer, runtime, title, results }) => {
    const summaries = [...results].map(
      ([name, result]) =>
        /** @type {const} */ ([name, typeof result === 'string' ? result : summarize(result)]),
    )
    return { peer, runtime, title, cells: new Map(summaries) }
  })
  const json = {
    about,
    unit: 'microseconds',
    rows: rows.map(({ cells, ...row }) => ({ ...row, scenarios: Object.fromEntries(cells) })),
    native: native?.split('\n'),
  }
  const text = markdown({ about, rows, scenarios: chosen, native })
  mkdirSync(OUTPUT, { recursive: true })
  writeFileSync(`${OUTPUT}results.json`, `${JSON.stringify(json, null, 2)}\n`)
  writeFileSync(`${OUTPUT}results.md`, text)
  console.log(text)
}

/** @param {string[]} words */
async function main(words) {
  const options = parseOptions(words)
  if (options.help) {
    console.log(helpText())
    return
  }
  const chosen = scenarios.filter(
    ({ name }) => options.only.length === 0 || options.only.includes(name),
  )
  const entrants = await enter(options)
  const isWhole = [options.peer, options.runtime, options.only].every((list) => list.length === 0)
  const native = isWhole || options.native ? measureNative(options.quick) : undefined
  await measureAll(entrants, chosen, options.quick ? QUICK : THOROUGH)
  for (const { runner } of entrants) await runner?.close()
  await report(entrants, chosen, native, options.quick)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  progress(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
