/** docs/javascript.md has each failure of the C library by the name that users see. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { repository } from './tree.mjs'

const read = (file) => readFileSync(repository + file, 'utf8')

/** Rows of HUTCH_FAILURE_TABLE: the name of the error, and whether the context survives. */
const ROW = /\bX\(HUTCH_FAILURE_\w+, "\w+", "(\w*)", (true|false), (?:true|false)\)/g

test('each failure has a row, which says what becomes of the context', () => {
  const rows = [...read('include/hutch/event.h').matchAll(ROW)]
  assert.ok(rows.length >= 12, `${rows.length} rows`)
  const page = read('docs/javascript.md').split('\n')
  for (const [row, error, survives] of rows) {
    const name = error === '' ? "the guest's own" : `\`${error}\``
    const told = page.find((line) => line.startsWith(`| ${name} |`))
    const context = survives === 'true' ? /\| goes on[^|]*\|$/ : /\| is gone \|$/
    assert.match(told ?? '', context, `${row}: ${told}`)
  }
})
