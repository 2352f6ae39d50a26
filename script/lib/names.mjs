/**
 * Checks that what comments name is there: files (`name.c`, `name.h`, `name.ts`, `docs/name.md`) and
 * functions of C (hutch_pool_new(), say). Comments outlive what they name, since no compiler reads
 * them. Prints `file:line` and the name for each that is gone, and ends with 1 if there is one.
 *
 * Usage: node names.mjs ROOT
 */

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { endCheck, filesBelow, rootOfTree } from './tree.mjs'

/** Where comments are read, and which of them. */
const READ = [
  ...['src', 'include', 'node', 'cli', 'tests', 'fuzz', 'bench', 'examples'].map((folder) => ({
    folder,
    pattern: /\.[ch]$/,
  })),
  { folder: 'js/src', pattern: /\.ts$/ },
  { folder: 'script', pattern: /^[^.]*$|\.(sh|mjs)$/ },
]

/** Where a file that a comment names may be. */
const HOLDING = [...READ.map(({ folder }) => folder), 'docs', 'js', 'patches']

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*|^\s*#.*|docs\/[\w-]+\.md/gm
/** What is between <> is the system's, and `a.b` with a bracket or a dot after it is a place in a struct. */
const NAMED = /(?<![<\w./-])(?:[\w-]+\/)*[\w-]+\.(?:[ch]|ts|md)\b(?![\w(>/*]|\.\w)/g
const CALLED = /\bhutch_\w+(?=\(\))/g

/** Names in examples of what a file could be called, of the engine, and of what is no file. */
const FOREIGN = /^(quickjs\.[ch]|program\.ts|name\.\w+|tsconfig\.json|[a-z]\.[a-z]+)$/

const root = rootOfTree()
const texts = new Map(
  READ.flatMap(({ folder, pattern }) => filesBelow(root, folder, pattern)).map((file) => [
    file,
    readFileSync(join(root, file), 'utf8'),
  ]),
)
const files = new Set(['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md'])
/** By every end of their paths: a comment says as much of it as it needs. */
for (const file of HOLDING.flatMap((folder) => filesBelow(root, folder, /./))) {
  const parts = file.split('/')
  parts.forEach((_, i) => {
    files.add(parts.slice(i).join('/'))
  })
}

/** Every function that C declares or defines, static ones included. */
const functions = new Set()
for (const [file, text] of texts) {
  if (!/\.[ch]$/.test(file)) continue
  const code = text.replace(COMMENT, ' ')
  for (const [name] of code.matchAll(/\bhutch_\w+(?=\()/g)) functions.add(name)
}

function* goneIn(comment) {
  for (const { 0: name, index } of comment.matchAll(NAMED)) {
    if (!files.has(name) && !FOREIGN.test(basename(name))) yield { name, index }
  }
  for (const { 0: name, index } of comment.matchAll(CALLED)) {
    if (!functions.has(name)) yield { name: `${name}()`, index }
  }
}

let faults = 0
for (const [file, text] of texts) {
  for (const { 0: comment, index } of text.matchAll(COMMENT)) {
    for (const gone of goneIn(comment)) {
      const line = text.slice(0, index + gone.index).split('\n').length
      console.log(`${file}:${line}: there is no ${gone.name}`)
      faults++
    }
  }
}
endCheck(faults)
