/** A check that has read nothing has found nothing: it does not pass, but says so. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { repository, withTree } from './tree.mjs'

const folder = mkdtempSync(join(tmpdir(), 'hutch-nothing-'))
after(() => rmSync(folder, { recursive: true }))

function assertRefused(words, expected) {
  const { status, stdout, stderr } = spawnSync('node', words, { cwd: repository, encoding: 'utf8' })
  assert.equal(stdout, '')
  assert.match(stderr, expected)
  assert.equal(status, 2)
}

for (const [script, expected] of [
  ['layers', /^layers\.mjs: there is no file to check in /],
  ['circles', /^circles\.mjs: there is no file to check in /],
  ['rows', /^rows\.mjs: there is no file to check in /],
  ['names', /^names\.mjs: there is no file to check in /],
  ['docs', /^docs\.mjs: there is no page in /],
]) {
  for (const tree of [folder, '--no-such-option']) {
    const what = tree === folder ? 'an empty folder' : 'a word that is no folder'
    test(`script/lib/${script}.mjs refuses ${what}`, () => {
      assertRefused([`script/lib/${script}.mjs`, tree], expected)
    })
  }
}

for (const script of ['layers', 'circles', 'rows', 'names']) {
  test(`script/lib/${script}.mjs refuses a whole tree where a folder has moved`, () => {
    const files = { 'CMakePresets.json': '{}', 'sources/pool/a.c': '\n', 'include/hutch/a.h': '\n' }
    withTree(files, (root) => {
      const expected = new RegExp(
        `^${script}\\.mjs: there is no file to check in ${root}/[\\w/]+\n`,
      )
      assertRefused([`script/lib/${script}.mjs`, root], expected)
    })
  })
}

test('script/lib/style.mjs refuses no files', () => {
  assertRefused(['script/lib/style.mjs'], /^style\.mjs: expected a file/)
})

test('script/lib/widths.mjs refuses a file without the table', () => {
  const file = join(folder, 'widths.h')
  writeFileSync(file, 'static const hutch_width other[] = {\n};\n')
  const words = ['--expose-internals', 'script/lib/widths.mjs', file, '--check']
  assertRefused(words, /^widths\.mjs: there is no table hutch_widths in /)
})
