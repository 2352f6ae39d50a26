/** The bench: who and what is asked for, all rounds, and what is made of the results. */

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { judge } from './goals.mjs'
import { describeCommit, describeMachine, versionOf } from './machine.mjs'
import { helpText, parseOptions } from './options.mjs'
import { importPeer, peers } from './peers/peers.mjs'
import { full, summary } from './report.mjs'
import { fromFile, toChart, toJson } from './results.mjs'
import { callRoll, EFFORTS, measureScenario, stopAll } from './rounds.mjs'
import { scenarios } from './scenarios.mjs'
import { summarizeRounds } from './statistics.mjs'

/** @typedef {import('./rounds.mjs').Entrant} Entrant */
/** @typedef {import('./options.mjs').Options} Options */

/** @param {string} path from the root */
const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const OUTPUT = inRoot('build/bench/')
const CHART = inRoot('docs/bench.svg')
const NATIVE = inRoot('build/release/bench/native/hutch-bench')

/** @param {string} text */
function progress(text) {
  process.stderr.write(`bench: ${text}\n`)
}

/** @param {string[]} list @param {string} name */
const isWanted = (list, name) => list.length === 0 || list.includes(name)

/** @param {Options} options @returns {Promise<Entrant[]>} */
async function enter(options) {
  const entrants = []
  for (const name of Object.keys(peers).filter((each) => isWanted(options.peer, each))) {
    const peer = await importPeer(name)
    const version = versionOf(peer.package)
    const missing = version === undefined ? 'it is not installed' : undefined
    const isEverywhere = peer.ours || options.everyRuntime || options.runtime.length > 0
    const where = isEverywhere ? peer.runtimes : peer.runtimes.slice(0, 1)
    for (const runtime of where.filter((each) => isWanted(options.runtime, each))) {
      entrants.push({
        name,
        peer,
        runtime,
        version: version ?? '',
        runner: undefined,
        unable: peer.absent ?? missing,
        results: new Map(),
      })
    }
  }
  return entrants
}

/** @param {Options} options @param {Entrant[]} entrants @returns {typeof scenarios} */
function choose({ scenario, quick, growth }, entrants) {
  if (scenario.length > 0) return scenarios.filter(({ name }) => scenario.includes(name))
  const isOurs = entrants.some(({ peer }) => peer.ours)
  return scenarios.filter(({ main, options }) =>
    options === undefined ? main || growth || !quick : isOurs,
  )
}

/** @param {Entrant} entrant @returns {import('./report.mjs').Row} */
function rowOf({ name, peer, runtime, version, unable, results }) {
  const cells = [...results].map(
    ([scenario, result]) =>
      /** @type {const} */ ([
        scenario,
        typeof result === 'string' ? result : summarizeRounds(result),
      ]),
  )
  return {
    peer: name,
    runtime,
    title: peer.title,
    version,
    kind: peer.kind,
    ours: peer.ours ?? false,
    ...(peer.note === undefined ? {} : { note: peer.note }),
    ...(unable === undefined ? {} : { unable }),
    cells: new Map(cells),
  }
}

/** @param {boolean} quick @returns {string} a table of the parts below JavaScript */
function measureNative(quick) {
  progress('the parts below JavaScript')
  return execFileSync(NATIVE, quick ? ['--quick'] : [], { encoding: 'utf8' }).trim()
}

/** @param {Options} options @returns {Promise<import('./report.mjs').Results>} */
async function measureAll(options) {
  const begin = performance.now()
  const entrants = await enter(options)
  if (entrants.length === 0) throw new Error('none of these peers works in these runtimes')
  const isWhole = [options.peer, options.runtime, options.scenario].every(
    ({ length }) => length === 0,
  )
  const native = isWhole || options.native ? measureNative(options.quick) : undefined
  const runtimeVersions = await callRoll(entrants)
  const isAnyAble = entrants.some(({ unable }) => unable === undefined)
  const chosen = isAnyAble ? choose(options, entrants) : []
  try {
    for (const scenario of chosen) {
      progress(scenario.name)
      await measureScenario(entrants, scenario, EFFORTS[options.quick ? 'quick' : 'thorough'])
    }
  } finally {
    await stopAll(entrants)
  }
  const rows = entrants.map(rowOf)
  const about = {
    ...describeMachine(),
    ...runtimeVersions,
    commit: describeCommit(),
    date: new Date().toISOString().slice(0, 16),
    effort: options.quick ? 'quick' : 'thorough',
    seconds: Math.round((performance.now() - begin) / 1000),
  }
  return { about, rows, scenarios: chosen, verdicts: judge(rows, chosen), native }
}

/** @param {import('./report.mjs').Results} results @param {Options} options */
function write(results, { from, json, svg }) {
  const chart = toChart(results)
  if (json !== undefined) {
    writeFileSync(json, toJson(results))
  } else if (from === undefined) {
    mkdirSync(OUTPUT, { recursive: true })
    writeFileSync(`${OUTPUT}results.json`, toJson(results))
    writeFileSync(`${OUTPUT}results.md`, full(results))
    writeFileSync(`${OUTPUT}results.svg`, chart)
  }
  if (svg) writeFileSync(CHART, chart)
  console.log(summary(results))
}

/** @param {string[]} words */
async function main(words) {
  const options = parseOptions(words)
  if (options.help) {
    console.log(helpText())
    return
  }
  write(options.from === undefined ? await measureAll(options) : fromFile(options.from), options)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  progress(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
