/** Our patches to the engine: each says what it is for, and one that does not fit is refused. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'

import { repository as root } from './tree.mjs'

const series = readdirSync(`${root}patches`).filter((name) => name.endsWith('.patch'))

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hutch-patches-'))
  mkdirSync(join(folder, 'series'))
  mkdirSync(join(folder, 'source'))
  const version = ['MAJOR 7', 'MINOR 8', 'PATCH 9'].map((part) => `#define QJS_VERSION_${part}\n`)
  writeFileSync(join(folder, 'source/quickjs.h'), version.join(''))
  writeFileSync(join(folder, 'source/quickjs.c'), 'one\ntwo\nthree\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

function writePatch(name, from, to) {
  const text = `Why\n---\n--- a/quickjs.c\n+++ b/quickjs.c\n@@ -1,3 +1,3 @@\n one\n-${from}\n+${to}\n three\n`
  writeFileSync(join(folder, 'series', name), text)
}

/** What script/bootstrap does once it has the sources. */
function applySeries() {
  const code = '. script/lib/common.sh; . script/lib/quickjs.sh; patch_quickjs "$@"'
  const places = ['source', 'series', 'target'].map((name) => join(folder, name))
  return spawnSync('bash', ['-c', code, 'script/bootstrap', ...places], {
    cwd: root,
    encoding: 'utf8',
  })
}

const target = () => readFileSync(join(folder, 'target/quickjs.c'), 'utf8')

test('patches are applied in the order of their names, to a copy', () => {
  writePatch('0002-b.patch', 'second', 'third')
  writePatch('0001-a.patch', 'two', 'second')
  assert.equal(applySeries().status, 0)
  assert.equal(target(), 'one\nthird\nthree\n')
  assert.equal(readFileSync(join(folder, 'source/quickjs.c'), 'utf8'), 'one\ntwo\nthree\n')
})

test('a tree that has the series is left alone', () => {
  writePatch('0001-a.patch', 'two', 'second')
  assert.equal(applySeries().status, 0)
  const before = statSync(join(folder, 'target')).ino
  assert.equal(applySeries().status, 0)
  assert.equal(statSync(join(folder, 'target')).ino, before)
})

test('a changed patch, one more, one less and another source are applied anew', () => {
  writePatch('0001-a.patch', 'two', 'second')
  assert.equal(applySeries().status, 0)
  writePatch('0001-a.patch', 'two', 'zwei')
  assert.equal(applySeries().status, 0)
  assert.equal(target(), 'one\nzwei\nthree\n')
  writePatch('0002-b.patch', 'zwei', 'deux')
  assert.equal(applySeries().status, 0)
  assert.equal(target(), 'one\ndeux\nthree\n')
  rmSync(join(folder, 'series/0002-b.patch'))
  writeFileSync(join(folder, 'source/quickjs.c'), 'one\ntwo\nthree\nfour\n')
  assert.equal(applySeries().status, 0)
  assert.equal(target(), 'one\nzwei\nthree\nfour\n')
})

test('a patch that does not apply is refused: its name, the version, what to do, and no tree', () => {
  writePatch('0001-a.patch', 'two', 'second')
  writePatch('0002-b.patch', 'two', 'third')
  const { status, stderr } = applySeries()
  assert.equal(status, 1)
  assert.match(stderr, /0002-b\.patch does not apply to quickjs-ng 7\.8\.9 in .*source/)
  assert.match(stderr, /use that version, or fit the patch to this one/)
  assert.ok(!existsSync(join(folder, 'target')))
  assert.ok(!existsSync(join(folder, 'target.staged')))
})

test('a patch whose surroundings have changed is refused, though most of it would fit', () => {
  writeFileSync(join(folder, 'source/quickjs.c'), 'one\ntwo\nTHREE\n')
  writePatch('0001-a.patch', 'two', 'second')
  assert.equal(applySeries().status, 1)
})

test('a tree that was right before is kept when the series has become wrong', () => {
  writePatch('0001-a.patch', 'two', 'second')
  assert.equal(applySeries().status, 0)
  writePatch('0001-a.patch', 'nothing of it', 'second')
  assert.equal(applySeries().status, 1)
  assert.equal(target(), 'one\nsecond\nthree\n')
})

test('there is a series', () => assert.ok(series.length > 0))

for (const name of series) {
  test(`${name} says its reason, its tests and what upstream knows`, () => {
    assert.match(name, /^\d{4}-[a-z0-9-]+\.patch$/)
    const [head] = readFileSync(`${root}patches/${name}`, 'utf8').split('\n---\n')
    assert.match(head, /^.{10,90}\n\nReason: /)
    assert.match(head, /\nUpstream: .{10}/)
    const tests = /\nTest: (.*)/.exec(head)?.[1].split(', ') ?? []
    assert.ok(tests.length > 0)
    for (const file of tests) assert.ok(existsSync(root + file), file)
  })
}
