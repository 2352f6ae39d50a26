// The examples of docs/javascript.md: each prints what is written down beside it.
// @ts-check
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const FOLDER = new URL('../../examples/typescript/', import.meta.url)
const FLAGS = 'Deno' in globalThis ? ['run', '-A', '--no-check'] : []

describe('examples/typescript', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))

  test('there are some', () => {
    assert.notEqual(names.length, 0)
  })

  for (const name of names) {
    test(name, async () => {
      const file = fileURLToPath(new URL(name, FOLDER))
      const child = spawn(process.execPath, [...FLAGS, file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const expected = readFileSync(new URL(name.replace(/\.ts$/, '.out'), FOLDER), 'utf8')
      assert.equal(await text(child.stdout), expected)
    })
  }
})
