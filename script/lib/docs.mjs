/**
 * Checks that a code block behind `<!-- file: PATH -->` is that file. Prints one line for each that
 * is not, and ends with 1 if there is one; with --fix it writes the files into the blocks.
 *
 * Usage: node docs.mjs ROOT [--fix]
 */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const MARKER = /^<!-- file: (\S+) -->$/

const [root, mode] = process.argv.slice(2)

const pages = ['', 'docs']
  .flatMap((folder) => {
    const path = join(root, folder)
    return existsSync(path) ? readdirSync(path).map((name) => join(folder, name)) : []
  })
  .filter((name) => name.endsWith('.md'))

let faults = 0
let blocks = 0

function complain(page, line, text) {
  console.log(`${page}:${line}: ${text}`)
  faults++
}

/** The lines of one block, from behind its marker. Undefined where there is none. */
function findBlock(lines, start) {
  const fence = /^(`{3,})[\w-]*$/.exec(lines[start] ?? '')?.[1]
  if (fence === undefined) return undefined
  const end = lines.indexOf(fence, start + 1)
  return end < 0 ? undefined : { begin: start + 1, end }
}

/** Compares one block; returns its lines as they should be. */
function checkBlock(page, marker, path, lines, block) {
  const present = lines.slice(block.begin, block.end)
  const file = join(root, path)
  if (!existsSync(file)) {
    complain(page, marker + 1, `there is no file ${path}`)
    return present
  }
  const expected = readFileSync(file, 'utf8').replace(/\n$/, '').split('\n')
  if (mode === '--fix') return expected
  const length = Math.max(present.length, expected.length)
  for (let i = 0; i < length; i++) {
    if (present[i] !== expected[i]) {
      complain(page, block.begin + i + 1, `differs from line ${i + 1} of ${path}`)
      break
    }
  }
  return present
}

for (const page of pages) {
  const before = readFileSync(join(root, page), 'utf8')
  const lines = before.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const path = MARKER.exec(lines[i])?.[1]
    if (path === undefined) continue
    const block = findBlock(lines, i + 1)
    if (block === undefined) {
      complain(page, i + 1, 'no code block behind this line')
      continue
    }
    blocks++
    const right = checkBlock(page, i, path, lines, block)
    lines.splice(block.begin, block.end - block.begin, ...right)
    i = block.begin + right.length
  }
  const after = lines.join('\n')
  if (after !== before) writeFileSync(join(root, page), after)
}

if (faults === 0) console.log(`${blocks} code blocks are the files they name`)
process.exit(faults > 0 ? 1 : 0)
