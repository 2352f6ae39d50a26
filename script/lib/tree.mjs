/**
 * What the checks of a tree read. A check that has read no file has found no fault either: it must not
 * pass, whether its root was misspelt or the files have moved.
 */

import { existsSync, readdirSync } from 'node:fs'
import { basename, join, relative } from 'node:path'

/** The root of the tree: the first word of the command line. */
export function rootOfTree() {
  const [, script, root] = process.argv
  if (root === undefined) end(script, 'expected the root of a tree')
  return root
}

function end(script, text) {
  console.error(`${basename(script)}: ${text}`)
  process.exit(2)
}

let files = 0

/** What is in the root of a whole tree; a test's has some of its folders only. */
const WHOLE = 'CMakePresets.json'

/** The files below a folder, by paths from the root. A whole tree has some in each that a check reads: one
 *  that was renamed would be checked by nobody. */
export function filesBelow(root, folder, pattern) {
  const found = filesIn(root, folder, pattern)
  if (found.length === 0 && existsSync(join(root, WHOLE))) {
    end(process.argv[1], `there is no file to check in ${join(root, folder)}`)
  }
  files += found.length
  return found
}

function filesIn(root, folder, pattern) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|dist|build)\//.test(file))
    .sort()
}

/** Code of C without comments, texts and directives. @param {string} text */
export function codeOf(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ')
    .replace(/"(?:\\.|[^"\\\n])*"/g, '""')
    .replace(/^[ \t]*#(?:.*\\\n)*.*/gm, '')
}

/** The end of a check, which has printed a line for each fault. */
export function endCheck(faults) {
  const [, script, root] = process.argv
  if (files === 0) end(script, `there is no file to check in ${root}`)
  process.exit(faults > 0 ? 1 : 0)
}
