import assert from 'node:assert/strict'
import { test } from 'node:test'
import { helpText, parseOptions } from '../../bench/options.mjs'

test('what may repeat is a list, and nothing chosen is everything', () => {
  const { peer, scenario, quick } = parseOptions(['--peer', 'run', '--peer', 'hutch', '--quick'])
  assert.deepEqual(peer, ['run', 'hutch'])
  assert.deepEqual(scenario, [])
  assert.equal(quick, true)
})

test('a file may have any name', () => {
  assert.equal(parseOptions(['--json', 'a b.json']).json, 'a b.json')
  assert.equal(parseOptions([]).json, undefined)
})

test('an option, a value and a file that are wrong or missing are named', () => {
  assert.throws(() => parseOptions(['--fast']), /unknown option --fast; expected one of --quick/)
  assert.throws(() => parseOptions(['--peer', 'v8']), /--peer expects one of hutch, .*, not v8/)
  assert.throws(() => parseOptions(['--runtime']), /--runtime expects bun, node, deno, not nothing/)
  assert.throws(() => parseOptions(['--json']), /--json expects a FILE, not nothing/)
})

test('the help has every option, in lines of at most 100 columns', () => {
  const text = helpText()
  for (const flag of ['--quick', '--scenario', '--from FILE', '--svg'])
    assert.ok(text.includes(flag))
  for (const line of text.split('\n')) assert.ok(line.length <= 100, line)
})
