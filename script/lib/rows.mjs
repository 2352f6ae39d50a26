/**
 * Finds rows of the headers' tables that nobody uses: an option that is checked and carried to where it
 * should count, and counts nowhere; a failure, an event, a frame or a status that nobody makes. Whoever adds
 * a row and forgets this has broken nothing, so neither the compiler nor a test finds it. Prints `file:line`
 * and the row for each, and ends with 1 if there is one.
 *
 * Tables are `#define NAME(X) X(FIRST, …) …`. Where FIRST is a constant, code names it, and a `case` is not
 * enough: that takes what others make. Where FIRST is a member of a struct, code takes it from one. Of a
 * table of choices a `case` is enough, and one row may be what `else` is.
 *
 * Usage: node rows.mjs ROOT
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { codeOf, endCheck, filesBelow, rootOfTree } from './tree.mjs'

const FOLDERS = ['include', 'src', 'node', 'cli']

/** Tables whose rows are used by going through all of them. */
const WALKED = [
  'HUTCH_LAYER_TABLE', // by the files of src/plat/linux
  'HUTCH_LOG_LEVEL_TABLE', // the console has a method for each
  'HUTCH_INTRINSICS_TABLE', // flags of an expression, one after another
  'HUTCH_WORKER_SYSCALLS', // by the filter
]

const TABLE = /^#define (\w+)\(X\)(?:.*\\\n)*.*/gm
const CHOICES = /\b(\w+)\(HUTCH_CHOICE_CONSTANT\)/g
const ROW = /\bX\(\s*([A-Za-z]\w*)\s*,/g

const root = rootOfTree()
const files = FOLDERS.flatMap((folder) => filesBelow(root, folder, /\.[ch]$/))
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
const code = [...texts.values()].map(codeOf).join('\n')
const choices = new Set([...code.matchAll(CHOICES)].map(([, name]) => name))

/** What the code has of each kind of use. */
const found = (pattern) => new Set([...code.matchAll(pattern)].map(([, name]) => name))
/** A constant with a value after it is defined there. */
const named = found(/(?<!\bcase )\b([A-Z]\w+)\b(?!\s*=[^=])/g)
const taken = found(/(?:\.|->)([a-z]\w*)/g)
const cases = found(/\bcase ([A-Z]\w+)/g)

/** @param {string} table @param {string} row */
function isUsed(table, row) {
  if (/^[a-z]/.test(row)) return taken.has(row)
  return named.has(row) || (choices.has(table) && cases.has(row))
}

function* unusedRows(table, rows) {
  const unused = rows.filter(({ row }) => !isUsed(table, row))
  yield* choices.has(table) ? unused.slice(1) : unused
}

let faults = 0
for (const [file, text] of texts) {
  if (!file.endsWith('.h')) continue
  for (const { 0: definition, 1: table, index } of text.matchAll(TABLE)) {
    if (WALKED.includes(table)) continue
    const rows = [...definition.matchAll(ROW)].map(({ 1: row, index: at }) => ({ row, at }))
    for (const { row, at } of unusedRows(table, rows)) {
      const line = text.slice(0, index + at).split('\n').length
      console.log(`${file}:${line}: no code uses ${row} of ${table}`)
      faults++
    }
  }
}
endCheck(faults)
