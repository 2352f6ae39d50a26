/**
 * Measures how quickly types are stripped, Hutch beside its peers: each in turn, round after round, in
 * one process and one at a time, so that whatever disturbs the machine disturbs all of them alike.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bringPackages, listFiles, packagesOf } from '../../tests/corpus/sources.mjs'
import { describeCommit, describeMachine } from '../machine.mjs'
import { summarize } from '../statistics.mjs'
import { Native } from './native.mjs'
import { loaders } from './peers.mjs'

const THOROUGH = { rounds: 9, programMs: 300 }
const QUICK = { rounds: 3, programMs: 60 }

const OUTPUT = fileURLToPath(new URL('../../build/bench/', import.meta.url))
const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url))
/** Passes of the native stripper over the corpus in one sample: one is too short to be timed well. */
const NATIVE_PASSES = 5

const HELP = `Usage: script/bench --strip [--quick]

Measures how quickly types are stripped, beside sucrase, ts-blank-space, esbuild, amaro, swc and oxc:
the files of tests/corpus/small.list that all of them accept, and a program as a model writes it.
Prints a table, and leaves it in build/bench/strip.md, with all figures in build/bench/strip.json.`

/**
 * @typedef {object} Entrant
 * @property {string} title
 * @property {string} kind
 * @property {() => Promise<number>} corpus   nanoseconds of one pass
 * @property {() => Promise<number>} program  nanoseconds of one program
 * @property {number[]} corpusSamples
 * @property {number[]} programSamples
 */

/** @param {string} text */
function progress(text) {
  process.stderr.write(`bench: ${text}\n`)
}

/** @param {string} name @returns {string} */
function versionOf(name) {
  const file = new URL(`node_modules/${name}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')).version
}

/** @returns {Promise<import('./peers.mjs').Peer[]>} those that are there */
async function loadPeers() {
  const peers = []
  for (const [name, load] of Object.entries(loaders)) {
    try {
      peers.push(await load())
    } catch (error) {
      progress(`${name} is left out: ${/** @type {Error} */ (error).message.split('\n')[0]}`)
    }
  }
  return peers
}

/**
 * @param {import('./peers.mjs').Peer} peer
 * @param {{ path: string, text: string }[]} files
 */
async function acceptedBy({ strip }, files) {
  const accepted = []
  for (const file of files) {
    try {
      await strip(file.text)
      accepted.push(file)
    } catch {
      // Not accepted: that is what is asked.
    }
  }
  return accepted
}

/**
 * The peers that work, and the files that all of them accept. This is the warm-up too.
 *
 * @param {import('./peers.mjs').Peer[]} peers
 * @param {{ path: string, text: string }[]} all
 */
async function findCommon(peers, all) {
  const working = []
  let files = all
  for (const peer of peers) {
    const accepted = await acceptedBy(peer, files)
    progress(`${peer.title} accepts ${accepted.length} of ${files.length} files`)
    if (accepted.length === 0) continue
    working.push(peer)
    files = accepted
  }
  return { peers: working, files }
}

/** @param {() => Promise<void> | void} action @returns {Promise<number>} nanoseconds */
async function timed(action) {
  const begin = process.hrtime.bigint()
  await action()
  return Number(process.hrtime.bigint() - begin)
}

/**
 * @param {import('./peers.mjs').Peer} peer
 * @param {string[]} texts
 * @param {string} program
 * @param {number} programMs
 * @returns {Entrant}
 */
function entrantOf({ title, package: name, kind, strip }, texts, program, programMs) {
  const once = async (/** @type {string} */ text) => {
    const result = strip(text)
    if (result instanceof Promise) await result
  }
  const pass = async () => {
    for (const text of texts) {
      const result = strip(text)
      if (result instanceof Promise) await result
    }
  }
  const repeat = async () => {
    let runs = 0
    const end = performance.now() + programMs
    const nanoseconds = await timed(async () => {
      for (; performance.now() < end; runs += 1) await once(program)
    })
    return nanoseconds / runs
  }
  return {
    title: name === undefined ? title : `${title} ${versionOf(name)}`,
    kind,
    corpus: () => timed(pass),
    program: repeat,
    corpusSamples: [],
    programSamples: [],
  }
}

/**
 * @param {string[]} paths
 * @param {number} programMs
 * @returns {Promise<{ entrant: Entrant, close: () => Promise<void> }>}
 */
async function nativeEntrant(paths, programMs) {
  const corpus = new Native('module', paths)
  const program = new Native('body', [PROGRAM])
  const passes = Math.ceil((programMs * 1e6) / (await program.measure(1000)))
  const entrant = {
    title: 'hutch',
    kind: 'C, hutch_strip()',
    corpus: () => corpus.measure(NATIVE_PASSES),
    program: () => program.measure(passes),
    corpusSamples: [],
    programSamples: [],
  }
  const close = async () => {
    await corpus.close()
    await program.close()
  }
  return { entrant, close }
}

/** @param {Entrant[]} entrants @param {number} rounds */
async function measure(entrants, rounds) {
  for (const { corpus, program } of entrants) {
    await corpus()
    await program()
  }
  for (let round = 0; round < rounds; round += 1) {
    progress(`round ${round + 1} of ${rounds}`)
    for (const entrant of entrants) entrant.corpusSamples.push(await entrant.corpus())
    for (const entrant of entrants) entrant.programSamples.push(await entrant.program())
  }
}

/** @param {Entrant[]} entrants @param {number} bytes @param {number} files @param {boolean} quick */
function report(entrants, bytes, files, quick) {
  const about = {
    ...describeMachine(),
    'Node.js': process.version,
    commit: describeCommit(),
    date: new Date().toISOString().slice(0, 16),
    effort: quick ? 'quick' : 'thorough',
    corpus: `${files} files, ${(bytes / 1e6).toFixed(2)} MB`,
    program: `${readFileSync(PROGRAM).length} bytes`,
  }
  const rows = entrants.map(({ title, kind, corpusSamples, programSamples }) => {
    const corpus = summarize(corpusSamples)
    const program = summarize(programSamples)
    const speed = (/** @type {number} */ nanoseconds) => (bytes / nanoseconds) * 1e3
    return {
      title,
      kind,
      megabytesPerSecond: speed(corpus.p50),
      bestMegabytesPerSecond: speed(corpus.min),
      programMicroseconds: program.p50 / 1e3,
      bestProgramMicroseconds: program.min / 1e3,
      samples: corpus.samples,
    }
  })
  rows.sort((a, b) => b.megabytesPerSecond - a.megabytesPerSecond)
  const lines = rows.map((row) => {
    const numbers = [
      row.megabytesPerSecond.toFixed(1),
      row.bestMegabytesPerSecond.toFixed(1),
      row.programMicroseconds.toFixed(1),
      row.bestProgramMicroseconds.toFixed(1),
    ]
    return `| ${row.title} | ${row.kind} | ${numbers.join(' | ')} |`
  })
  const text = [
    '# Results of script/bench --strip',
    '',
    ...Object.entries(about).map(([key, value]) => `- ${key}: ${value}`),
    '',
    '| | what runs | corpus, MB/s | best | a program, µs | best |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
  ].join('\n')
  mkdirSync(OUTPUT, { recursive: true })
  writeFileSync(`${OUTPUT}strip.json`, `${JSON.stringify({ about, rows }, null, 2)}\n`)
  writeFileSync(`${OUTPUT}strip.md`, text)
  console.log(text)
}

/** @param {string[]} words */
async function main(words) {
  const wrong = words.find((word) => word !== '--quick' && word !== '--help')
  if (wrong !== undefined) throw new Error(`unknown option ${wrong}; expected --quick or --help`)
  if (words.includes('--help')) {
    console.log(HELP)
    return
  }
  const quick = words.includes('--quick')
  const { rounds, programMs } = quick ? QUICK : THOROUGH
  const packages = packagesOf('small')
  bringPackages(packages, progress)
  const all = listFiles(packages).files.map((file) => ({
    ...file,
    text: readFileSync(file.path, 'utf8'),
  }))
  const { peers, files } = await findCommon(await loadPeers(), all)
  const texts = files.map(({ text }) => text)
  // The peers want a module: there, what the model wrote is the body of a function.
  const program = `(async () => {\n${readFileSync(PROGRAM, 'utf8')}})()\n`
  const native = await nativeEntrant(
    files.map(({ path }) => path),
    programMs,
  )
  const entrants = [
    native.entrant,
    ...peers.map((peer) => entrantOf(peer, texts, program, programMs)),
  ]
  await measure(entrants, rounds)
  await native.close()
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  report(entrants, bytes, files.length, quick)
}

try {
  await main(process.argv.slice(2))
  // esbuild's process would keep this one waiting.
  process.exit(0)
} catch (error) {
  progress(error instanceof Error ? error.message : String(error))
  process.exit(2)
}
