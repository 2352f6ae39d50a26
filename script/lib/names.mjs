/**
 * Checks that what comments and pages name is there: files (`name.c`, `name.h`, `name.ts`, `name.mjs`,
 * `docs/name.md`, `script/name`) and functions of C (hutch_pool_new(), say). Both outlive what they name,
 * since no compiler reads them. Prints `file:line` and the name for each that is gone, and ends with 1 if
 * there is one.
 *
 * Usage: node names.mjs ROOT
 */

import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { endCheck, filesBelow, rootOfTree } from './tree.mjs'

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*|^\s*#.*|docs\/[\w-]+\.md/gm
/** All of a page is for readers. */
const PAGE = /[\s\S]+/g

/** What is read. The tests of the checks name what is not there on purpose. */
const READ = [
  ...['src', 'include', 'node', 'cli', 'tests', 'fuzz', 'bench', 'examples'].map((folder) => ({
    folder,
    pattern: /\.([ch]|cpp)$/,
  })),
  { folder: 'js/src', pattern: /\.ts$/ },
  { folder: 'tests/js', pattern: /\.js$/ },
  { folder: 'script', pattern: /^[^.]*$|\.(sh|mjs)$/ },
  { folder: 'docs', pattern: /\.md$/ },
]

/** Pages beside these folders. What was is in CHANGELOG.md. */
const PAGES = ['CONTRIBUTING.md', 'README.md', 'SECURITY.md', 'js/README.md']

/** Where a file that is named may be. */
const HOLDING = [...READ.map(({ folder }) => folder), 'js', 'patches']

/** What is between <> is the system's, and `a.b` with a bracket or a dot after it is a place in a struct. */
const FILE = /(?:[\w-]+\/)*\w[\w.-]*\.(?:[ch]|m?ts|mjs|md)\b(?![\w(>/*]|\.\w)/
const NAMED = new RegExp(`(?<![<\\w./-])(?:script/[a-z][\\w./-]*\\w|${FILE.source})`, 'g')
const CALLED = /\b(?:hutch|strip|cli)_\w+(?=\(\))/g

/** Names in examples of what a file could be called, of the engine, and of what a program makes. */
const FOREIGN =
  /^(quickjs\.[ch]|program\.ts|name(\.\w+)?|tsconfig\.json|([a-z]\.)+[a-z]+|(results|strip)\.md)$/

const root = rootOfTree()
const read = READ.flatMap(({ folder, pattern }) => filesBelow(root, folder, pattern))
const texts = new Map(
  [...read, ...PAGES.filter((page) => existsSync(join(root, page)))].map((file) => [
    file,
    readFileSync(join(root, file), 'utf8'),
  ]),
)
const files = new Set([...PAGES, 'CHANGELOG.md'])
/** By every end of their paths: a comment says as much of it as it needs; and their folders. */
for (const file of HOLDING.flatMap((folder) => filesBelow(root, folder, /./))) {
  const parts = file.split('/')
  parts.forEach((_, i) => {
    files.add(parts.slice(i).join('/'))
    files.add(parts.slice(0, i).join('/'))
  })
}

/** Every function that C declares or defines, static ones included. */
const functions = new Set()
for (const [file, text] of texts) {
  if (!/\.[ch]$/.test(file)) continue
  const code = text.replace(COMMENT, ' ')
  for (const [name] of code.matchAll(/\b(?:hutch|strip|cli)_\w+(?=\()/g)) functions.add(name)
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
  for (const { 0: comment, index } of text.matchAll(file.endsWith('.md') ? PAGE : COMMENT)) {
    for (const gone of goneIn(comment)) {
      const line = text.slice(0, index + gone.index).split('\n').length
      console.log(`${file}:${line}: there is no ${gone.name}`)
      faults++
    }
  }
}
endCheck(faults)
