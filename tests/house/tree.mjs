/** Checks of script/, run on small trees that a test writes down. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of this repository, with a slash at its end. */
export const repository = fileURLToPath(new URL('../../', import.meta.url))

/** What `use` returns of the root of a tree with these files, by their paths; the tree is gone afterwards. */
export function withTree(files, use) {
  const root = mkdtempSync(join(tmpdir(), 'hutch-house-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), text)
    }
    return use(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

/** Runs a script of this repository by its path, in the folder `cwd`. */
export function runScript(script, words, cwd = repository) {
  const interpreter = script.endsWith('.mjs') ? [process.execPath] : []
  const [program, ...all] = [...interpreter, repository + script, ...words]
  return spawnSync(program, all, { cwd, encoding: 'utf8', timeout: 1_200_000 })
}

/** What a check prints: a line for each fault, and it ends with 1 where there is one. */
export function faultsOf(script, words, cwd) {
  const { status, stdout, stderr } = runScript(script, words, cwd)
  assert.equal(stderr, '')
  const lines = stdout.split('\n').filter((line) => line !== '')
  assert.equal(status, lines.length > 0 ? 1 : 0)
  return lines
}

/** The faults that a check of a tree finds in one with these files. */
export function faultsIn(script, files) {
  return withTree(files, (root) => faultsOf(script, [root]))
}
