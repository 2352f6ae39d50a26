/**
 * Writes the table of src/base/text_widths.h anew, from what this Node.js takes for the columns of
 * each character; with --check it only compares, and ends with 1 where they differ.
 *
 * Usage: node --expose-internals widths.mjs FILE [--check]
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { getStringWidth } = createRequire(import.meta.url)('internal/util/inspect')

const FIRST = 0x80
const LAST = 0x10ffff

/** @param {number} point */
const isSurrogate = (point) => point >= 0xd800 && point <= 0xdfff

/** @param {number} point */
const isNothing = (point) => isSurrogate(point) || /\p{Cn}/u.test(String.fromCodePoint(point))

/** @param {number} from @param {number} to  not included */
function isGap(from, to) {
  for (let point = from; point < to; point++) {
    if (!isNothing(point)) return false
  }
  return true
}

function ranges() {
  /** @type {{ first: number, last: number, columns: number }[]} */
  const rows = []
  for (let point = FIRST; point <= LAST; point++) {
    if (isSurrogate(point)) continue
    const columns = getStringWidth(String.fromCodePoint(point))
    const row = rows.at(-1)
    if (columns === 1) continue
    if (row?.columns === columns && isGap(row.last + 1, point)) row.last = point
    else rows.push({ first: point, last: point, columns })
  }
  return rows
}

/** @param {number} point */
const hex = (point) => `0x${point.toString(16).toUpperCase()}`

/** The formatter decides how many rows are on a line. @param {string} text */
const withoutBlanks = (text) => text.replace(/\s+/g, '')

const [file, mode] = process.argv.slice(2)
const before = readFileSync(file, 'utf8')
const rows = ranges().map((row) => `    {${hex(row.first)}, ${hex(row.last)}, ${row.columns}},\n`)
const TABLE = /( hutch_widths\[\] = \{\n)[^;]*(\};)/
if (!TABLE.test(before)) {
  console.error(`widths.mjs: there is no table hutch_widths in ${file}`)
  process.exit(2)
}
const after = before.replace(TABLE, `$1${rows.join('')}$2`)
if (mode !== '--check') {
  writeFileSync(file, after)
} else if (withoutBlanks(after) !== withoutBlanks(before)) {
  console.log(`${file} differs from what Node.js ${process.version} says: script/renew-widths`)
  process.exit(1)
}
