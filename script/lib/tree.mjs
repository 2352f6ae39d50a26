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

/** The files below a folder, by paths from the root; none where there is no folder. */
export function filesBelow(root, folder, pattern) {
  if (!existsSync(join(root, folder))) return []
  const found = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|dist|build)\//.test(file))
    .sort()
  files += found.length
  return found
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
