/** The machine and the versions that a result belongs to. */

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'

export function describeMachine() {
  const cpus = os.cpus()
  return {
    processor: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    kernel: `${os.type()} ${os.release()}`,
  }
}

/** The commit that is measured, with a mark when files have changed since. */
export function describeCommit() {
  try {
    const git = (/** @type {string[]} */ ...words) =>
      execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    const changed = git('status', '--porcelain', '--untracked-files=no') !== ''
    return git('rev-parse', '--short', 'HEAD') + (changed ? ' and changes' : '')
  } catch {
    return 'unknown'
  }
}

/**
 * @param {string} name of a package of the bench or of the root, or of a part of a runtime
 * @returns {string | undefined} undefined when it is not installed
 */
export function versionOf(name) {
  if (name.startsWith('node:')) return ''
  const folders = ['./node_modules', '../node_modules']
  const files = folders.map((folder) => new URL(`${folder}/${name}/package.json`, import.meta.url))
  const file = files.find((candidate) => existsSync(candidate))
  return file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8')).version
}
