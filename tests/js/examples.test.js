// The examples of README.md and docs/javascript.md: each prints what is written down beside it.
// @ts-check
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const FOLDER = new URL('../../examples/typescript/', import.meta.url)
const FLAGS = 'Deno' in globalThis ? ['run', '-A', '--no-check'] : []

/** Everything in the folder that can be run. */
const EXAMPLES = readdirSync(FOLDER).filter((name) => /\.(ts|sh)$/.test(name))

/** @param {string} name */
const expected = (name) => readFileSync(new URL(name.replace(/\w+$/, 'out'), FOLDER), 'utf8')

describe('examples/typescript', () => {
  test('there are some', () => {
    assert.notEqual(EXAMPLES.length, 0)
  })

  for (const name of EXAMPLES.filter((name) => name.endsWith('.ts'))) {
    test(name, async () => {
      const file = fileURLToPath(new URL(name, FOLDER))
      const child = spawn(process.execPath, [...FLAGS, file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      assert.equal(await text(child.stdout), expected(name))
    })
  }
})

describe('examples/typescript: the command that npm installs', () => {
  const programs = mkdtempSync(join(tmpdir(), 'hutch-examples-'))
  const runtime = 'Deno' in globalThis ? 'deno' : 'Bun' in globalThis ? 'bun' : 'node'
  symlinkSync(process.execPath, join(programs, runtime))
  symlinkSync(
    fileURLToPath(new URL('../../js/dist/hutch', import.meta.url)),
    join(programs, 'hutch'),
  )
  after(() => rmSync(programs, { recursive: true }))

  for (const name of EXAMPLES.filter((name) => name.endsWith('.sh'))) {
    test(name, async () => {
      const child = spawn('/bin/sh', ['-c', `. ${fileURLToPath(new URL(name, FOLDER))} 2>&1`], {
        cwd: fileURLToPath(new URL('check/', FOLDER)),
        env: { ...process.env, PATH: programs },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      assert.equal(await text(child.stdout), expected(name))
    })
  }
})
