/** script/check-docs finds the code blocks that are not the files they name. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../script/check-docs', import.meta.url))

/** Runs the script on a tree of these files; says what it printed and what page.md is afterwards. */
function check(files, ...options) {
  const root = mkdtempSync(join(tmpdir(), 'hutch-docs-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), text)
    }
    const { status, stdout, stderr } = spawnSync(script, [...options, root], { encoding: 'utf8' })
    assert.equal(stderr, '')
    return { status, stdout, page: readFileSync(join(root, 'docs/page.md'), 'utf8') }
  } finally {
    rmSync(root, { recursive: true })
  }
}

const page = (block) => `# Page\n\n<!-- file: a.js -->\n\`\`\`js\n${block}\`\`\`\n\nThe end.\n`

test('a block that is the file passes', () => {
  const { status, stdout } = check({ 'docs/page.md': page('one\n\ntwo\n'), 'a.js': 'one\n\ntwo\n' })
  assert.equal(stdout, '1 code blocks are the files they name\n')
  assert.equal(status, 0)
})

test('a block that differs is named with its line', () => {
  for (const [block, line, where] of [
    ['one\n2\n', 6, 2],
    ['one\n', 6, 2],
    ['one\ntwo\nthree\n', 7, 3],
    ['', 5, 1],
  ]) {
    const { status, stdout } = check({ 'docs/page.md': page(block), 'a.js': 'one\ntwo\n' })
    assert.equal(stdout, `docs/page.md:${line}: differs from line ${where} of a.js\n`)
    assert.equal(status, 1)
  }
})

test('a file that is not there, and a marker without a block, are faults', () => {
  const missing = check({ 'docs/page.md': page('one\n') })
  assert.equal(missing.stdout, 'docs/page.md:3: there is no file a.js\n')
  assert.equal(missing.status, 1)
  const bare = check({ 'docs/page.md': '<!-- file: a.js -->\ntext\n', 'a.js': 'one\n' })
  assert.equal(bare.stdout, 'docs/page.md:1: no code block behind this line\n')
  assert.equal(bare.status, 1)
})

test('--fix writes the file into the block and leaves the rest alone', () => {
  const fixed = check({ 'docs/page.md': page('old\nlines\n'), 'a.js': 'new\n' }, '--fix')
  assert.equal(fixed.page, page('new\n'))
  assert.equal(fixed.status, 0)
})

test('the documentation of this repository is true', () => {
  const { status, stdout } = spawnSync(script, { encoding: 'utf8' })
  assert.match(stdout, /^\d+ code blocks are the files they name\n$/)
  assert.equal(status, 0)
})
