/** docs/native-loops.md lists the programs of tests/abuse/attacks/native-loops, as their heads say. */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const folder = new URL('../abuse/attacks/native-loops/', import.meta.url)
const page = new URL('../../docs/native-loops.md', import.meta.url)

const head = (text, key) => text.match(new RegExp(`^// ${key}: (.*)$`, 'm'))?.[1]

test('the table of native loops is what the programs say of themselves', () => {
  const programs = readdirSync(folder).sort()
  const expected = programs.map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    return `| \`${file.replace(/\.js$/, '')}\` | ${head(text, 'attack')} | ${head(text, 'polls')} |`
  })
  const rows = readFileSync(page, 'utf8').match(/^\| `.*$/gm)
  assert.deepEqual(rows, expected)
  assert.ok(programs.length >= 100)
})

test('each of them says when it has come to its loop, and has to end as a timeout', () => {
  for (const file of readdirSync(folder)) {
    const text = readFileSync(new URL(file, folder), 'utf8')
    assert.match(head(text, 'polls') ?? '', /^(yes|rarely|no)$/, file)
    assert.equal(head(text, 'expect'), 'failed timeout TimeoutError', file)
    assert.ok(text.includes("\nconsole.log('begin')\n"), file)
  }
})
