/**
 * Strips every TypeScript file of a set of npm packages, and compares what comes out with the
 * compiler's own JavaScript (by syntax tree), with ts-blank-space's (by bytes) and with the source (by
 * position). Ends with 1 when less than it must is right.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { judge } from './judge.mjs'
import { blank, parseTypeScript } from './reference.mjs'
import { bringPackages, CACHE, listFiles, packagesOf, writeList } from './sources.mjs'
import { stripFiles } from './stripper.mjs'
import { Tally } from './tally.mjs'

/** Files that one process strips; the next ones go to a new one. */
const FILES_A_BATCH = 200
/** Of the large set; in the small one, every file has to be right. */
const SHARE_RIGHT = 0.999

const HELP = `Usage: tests/corpus/run [OPTION]...

  --set NAME        small (default) or large: the packages of tests/corpus/NAME.list
  --program FILE    hutch-strip-batch; default: that of the preset asan, which is built
  --subject WHAT    hutch (default), or ts-blank-space: the comparison compared with itself
  --only TEXT       files with TEXT in their name alone
  --json FILE       the figures
  --faults FILE     what is wrong, file by file; default build/corpus/faults-NAME.md
  --pin NAME SPEC...  write tests/corpus/NAME.list anew: these packages, name@version, with hashes
  --help            this text
Ends with 0 when, of the small set, everything is right or documented, or, of the large one, ${SHARE_RIGHT * 100} %
of the files. 1 when not, 2 on a wrong argument.`

const OPTIONS = /** @type {const} */ ({
  set: { type: 'string', default: 'small' },
  program: { type: 'string', default: 'build/asan/tests/corpus/hutch-strip-batch' },
  subject: { type: 'string', default: 'hutch' },
  only: { type: 'string', default: '' },
  json: { type: 'string' },
  faults: { type: 'string' },
  pin: { type: 'string' },
  help: { type: 'boolean', default: false },
})

/** @param {string} text */
function progress(text) {
  process.stderr.write(`corpus: ${text}\n`)
}

/** @param {string} file @param {string} text */
function writeAt(file, text) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** @param {{ name: string, path: string }} file @returns {string | undefined} undefined: not UTF-8 */
function readText({ path }) {
  const bytes = readFileSync(path)
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : undefined
}

/**
 * @param {string} program
 * @param {string} subject
 * @param {{ path: string, text: string }[]} files
 * @returns {import('./stripper.mjs').Stripped[]}
 */
function strip(program, subject, files) {
  if (subject === 'hutch') return stripFiles(program, files)
  return files.map(({ text }) => {
    const output = blank(parseTypeScript(text))
    const message = 'ts-blank-space does not succeed'
    return output === undefined
      ? { problem: { message, line: 1, column: 1, offset: 0, extent: 0 } }
      : { text: output }
  })
}

/**
 * @param {{ name: string, path: string }[]} files
 * @param {string} program
 * @param {string} subject
 * @param {Tally} tally
 */
function compareFiles(files, program, subject, tally) {
  for (let at = 0; at < files.length; at += FILES_A_BATCH) {
    const batch = []
    for (const file of files.slice(at, at + FILES_A_BATCH)) {
      const text = readText(file)
      if (text === undefined) tally.add(file.name, 0, { setAside: 'not UTF-8', faults: [] })
      else batch.push({ ...file, text })
    }
    const stripped = strip(program, subject, batch)
    for (const [index, { name, text }] of batch.entries()) {
      tally.add(name, text.length, judge(text, stripped[index] ?? {}))
    }
    progress(`${Math.min(at + FILES_A_BATCH, files.length)} of ${files.length}: ${tally.line()}`)
  }
}

/** @param {string[]} words @returns {number} the status to end with */
function main(words) {
  const { values, positionals } = parseArgs({
    args: words,
    options: OPTIONS,
    allowPositionals: true,
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  if (values.pin !== undefined) {
    writeList(values.pin, positionals)
    return 0
  }
  if (positionals.length > 0) throw new Error(`unexpected argument: ${positionals[0]}`)
  if (!['hutch', 'ts-blank-space'].includes(values.subject)) {
    throw new Error(`--subject expects hutch or ts-blank-space, not ${values.subject}`)
  }
  const packages = packagesOf(values.set)
  bringPackages(packages, progress)
  const { files, duplicates } = listFiles(packages)
  const chosen = files.filter(({ name }) => name.includes(values.only))
  const tally = new Tally(values.set, packages.length, duplicates)
  compareFiles(chosen, values.program, values.subject, tally)
  if (values.json) writeAt(values.json, `${JSON.stringify(tally.figures(), null, 2)}\n`)
  writeAt(values.faults ?? join(CACHE, `faults-${values.set}.md`), tally.faultsText())
  console.log(tally.text())
  return tally.share() >= (values.set === 'small' ? 1 : SHARE_RIGHT) ? 0 : 1
}

try {
  process.exitCode = main(process.argv.slice(2))
} catch (error) {
  progress(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
