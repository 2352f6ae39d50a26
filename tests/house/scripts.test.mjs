/** Every script explains itself from wherever it is called, and refuses what it does not know. */

import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'

import { repository as root, runScript } from './tree.mjs'

function programsIn(folder) {
  return readdirSync(root + folder)
    .map((name) => `${folder}/${name}`)
    .filter((file) => statSync(root + file).isFile())
}

const stages = programsIn('script/test.d')
const scripts = [...programsIn('script'), ...stages]
/** These hand on what they do not know. */
const passing = ['script/bench', 'script/demo', 'script/soak']

const run = (file, ...args) => runScript(file, args, tmpdir())

for (const file of scripts) {
  test(`${file} --help prints its usage and does nothing else`, () => {
    const { status, stdout, stderr } = run(file, '--help')
    assert.equal(status, 0)
    assert.ok(stdout.startsWith(`Usage: ${file}`), stdout)
    assert.equal(stderr, '')
  })
}

for (const file of scripts.filter((name) => !passing.includes(name))) {
  test(`${file} refuses an argument that it does not know`, () => {
    const { status, stdout, stderr } = run(file, '--no-such-option', 'x')
    assert.equal(status, 2)
    assert.equal(stdout, '')
    assert.ok(stderr.startsWith(`${file}: `), stderr)
    assert.ok(stderr.includes(`try ${file} --help`), stderr)
  })
}

test('script/demo refuses a runtime that it does not know, and names the others', () => {
  const { status, stderr } = run('script/demo', '--runtime', 'perl')
  assert.equal(status, 2)
  assert.match(stderr, /no such runtime: perl; expected bun, node or deno/)
})

test('script/test refuses a stage that it does not know, and names the others', () => {
  const { status, stderr } = run('script/test', '--only', 'nope')
  assert.equal(status, 2)
  assert.match(stderr, /no such stage: nope; the stages are: lint .*soak/)
})

test('script/test --list names each stage with what it does', () => {
  const { status, stdout } = run('script/test', '--list')
  assert.equal(status, 0)
  const lines = stdout.trimEnd().split('\n')
  assert.equal(lines.length, stages.length)
  for (const line of lines) assert.match(line, /^[a-z]+ +\S.{10}/)
})
