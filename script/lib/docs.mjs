/**
 * Checks that each code block of the documentation in a language of LANGUAGES is a file, or a part of one,
 * and that a test covers that file: type-checks, compiles or runs it. Other blocks (what a program prints)
 * may name a file, too, and then are that file.
 *
 *     <!-- file: PATH -->       above a block: the whole file
 *     <!-- file: PATH#NAME -->  its parts between the comments `#region NAME` and `#endregion NAME`; where
 *                               there is more than one, with an empty line between two
 *
 * A block of the language diff shows a change that was made to the file: what it adds and what it
 * leaves stands in the file still, in this order, with anything between.
 *
 * Links of the pages lead to files, and to headings, that are there.
 *
 * Prints one line for each fault, and ends with 1 if there is one; with --fix it writes the files into the
 * blocks.
 *
 * Usage: node docs.mjs ROOT [--fix]
 */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Folders whose pages are read. */
const FOLDERS = ['', 'docs', 'js']

/** What a block may be written in that somebody could copy and use. */
const LANGUAGES =
  /^([cm]?tsx?|typescript|[cm]?jsx?|javascript|c|h|cpp|c\+\+|sh|bash|shell|zsh|console|diff)$/

/** Which files are covered, and by which test. `also` is for what the name alone does not tell. */
const COVERED = [
  {
    files: /^examples\/[^/]+\.c$/,
    by: 'examples/CMakeLists.txt, which compiles and runs each',
    also: (path) => isThere(path.replace(/([^/]+)\.c$/, 'expected/$1.txt')),
  },
  {
    files: /^examples\/cli\/[^/]+\.(sh|out)$/,
    by: 'examples/CMakeLists.txt, which runs each .sh that has an .out',
    also: (path) => isThere(path.replace(/\w+$/, 'out')) || isNamedIn(path),
  },
  {
    files: /^examples\/cli\/[^/]+\.(js|ts)$/,
    by: 'examples/CMakeLists.txt, where a .sh that it runs names the file',
    also: (path) => isNamedIn(path),
  },
  {
    files: /^examples\/typescript\/[^/]+\.(ts|sh)$/,
    by: 'tests/js/examples.test.js, which runs each that has an .out, and tests/types for the .ts',
    also: (path) => isThere(path.replace(/\w+$/, 'out')) || isNamedIn(path),
  },
  {
    files: /^examples\/typescript\/check\/[^/]+\.ts$/,
    by: 'tests/js/examples.test.js, which runs examples/typescript/*.sh there',
    also: (path) => isNamedIn(path, 'examples/typescript'),
  },
  {
    files: /^examples\/install\/[^/]+\.sh$/,
    by: 'script/test.d/70-install, which runs each beside examples/hello.c',
    also: () => true,
  },
  {
    files: /^examples\/bundlers\/[^/]+\.(sh|mjs|cjs)$/,
    by: 'tests/bundlers/bundlers.test.mjs',
    also: () => true,
  },
  {
    files: /^examples\/packages\/[^/]+\.sh$/,
    by: 'tests/install/packages.test.mjs',
    also: () => true,
  },
  {
    files: /^examples\/scripts\/[^/]+\.sh$/,
    by: 'tests/house/commands.test.mjs',
    also: () => true,
  },
]

const [root, mode] = process.argv.slice(2)

const MARKER = /^<!-- file: ([^\s#]+)(?:#(\S+))? -->$/

const pages = FOLDERS.flatMap((folder) => {
  const path = join(root, folder)
  return existsSync(path) ? readdirSync(path).map((name) => join(folder, name)) : []
}).filter((name) => name.endsWith('.md'))

let faults = 0
let blocks = 0

function complain(page, line, text) {
  console.log(`${page}:${line}: ${text}`)
  faults++
}

const isThere = (path) => existsSync(join(root, path))

/** Whether a script of a folder, which is run, names the file. */
function isNamedIn(path, folder = dirname(path)) {
  const name = basename(path)
  return readdirSync(join(root, folder))
    .filter(
      (script) => script.endsWith('.sh') && isThere(join(folder, script.replace(/sh$/, 'out'))),
    )
    .some((script) => readFileSync(join(root, folder, script), 'utf8').includes(name))
}

function isCovered(path) {
  return COVERED.some(({ files, also }) => files.test(path) && also(path))
}

/** A fence may stand in a quotation, and more may follow its language: `ts{1,3}`, `{.ts}`. */
const QUOTED = /^\s*(?:>\s*)*/
const FENCE = /^\s*(?:>\s*)*(`{3,}|~{3,})\s*\{?\.?([\w+]*)/

/** The block whose fence is at this line, to the end of the page if it is never closed; undefined where there
 *  is none. */
function blockAt(lines, start) {
  const [, fence, language] = FENCE.exec(lines[start] ?? '') ?? []
  if (fence === undefined) return undefined
  const rest = lines.slice(start + 1)
  const length = rest.findIndex((line) => line.replace(QUOTED, '').trim() === fence)
  const end = start + 1 + (length < 0 ? rest.length : length)
  return { language: language.toLowerCase(), begin: start + 1, end, isOpen: length < 0 }
}

const REGION = /#(region|endregion) (\S+)/

/** A part of a file, moved to the left as far as it goes. */
function regionOf(lines, name) {
  const parts = []
  let part
  for (const line of lines) {
    const [, kind, region] = REGION.exec(line) ?? []
    if (region === name) {
      part = kind === 'region' ? [] : undefined
      if (part !== undefined) parts.push(part)
    } else if (kind === undefined) {
      part?.push(line)
    }
  }
  const all = parts.flatMap((one, i) => (i === 0 ? one : ['', ...one]))
  const indents = all.filter((line) => line !== '').map((line) => line.search(/\S/))
  const indent = Math.min(...indents)
  return parts.length === 0 ? undefined : all.map((line) => line.slice(indent))
}

/** The lines that a block has to be; undefined, and a complaint, where there are none. */
function expectedLines(page, line, path, region) {
  if (!isThere(path)) {
    complain(page, line, `there is no file ${path}`)
    return undefined
  }
  const lines = readFileSync(join(root, path), 'utf8').replace(/\n$/, '').split('\n')
  if (region === undefined) {
    return lines.filter((text) => !REGION.test(text))
  }
  const part = regionOf(lines, region)
  if (part === undefined) complain(page, line, `there is no region ${region} in ${path}`)
  return part
}

/** Compares one block; returns its lines as they should be. */
function compare(page, source, block, present, expected) {
  if (mode === '--fix') return expected
  const length = Math.max(present.length, expected.length)
  for (let i = 0; i < length; i++) {
    if (present[i] !== expected[i]) {
      complain(page, block.begin + i + 1, `differs from line ${i + 1} of ${source}`)
      break
    }
  }
  return present
}

/** Compares a block that shows a change with the file as it is after it. */
function compareChange(page, path, block, present, lines) {
  let at = 0
  present.forEach((line, i) => {
    if (line.startsWith('-') || line.startsWith('@@')) return
    const found = lines.indexOf(line.slice(1), at)
    if (found < 0) complain(page, block.begin + i + 1, `${path} has no such line, or not here`)
    else at = found + 1
  })
  return present
}

const LINK = /\]\(([^\s()#]*)(?:#([^\s()]*))?\)/g

/** What a heading is called in a link, as GitHub makes it. */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-')

function hasHeading(page, anchor) {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^#+ +(.*?) *$/gm)].some(([, heading]) => anchorOf(heading) === anchor)
}

/** Checks the links of a line that is not in a block. */
function checkLinks(page, number, line) {
  for (const [, path, anchor] of line.matchAll(LINK)) {
    if (/^\w+:/.test(path)) continue
    const target = path === '' ? page : join(dirname(page), path)
    if (!isThere(target)) complain(page, number, `there is no ${target}`)
    else if (anchor !== undefined && target.endsWith('.md') && !hasHeading(target, anchor)) {
      complain(page, number, `there is no heading #${anchor} in ${target}`)
    }
  }
}

/** Checks the block of a marker. */
function checkMarked(page, lines, at, [, path, region], block) {
  blocks++
  const present = lines.slice(block.begin, block.end)
  const expected = expectedLines(page, at + 1, path, region)
  if (expected === undefined) return present
  if (block.language === 'diff') return compareChange(page, path, block, present, expected)
  if (LANGUAGES.test(block.language) && !isCovered(path)) {
    complain(
      page,
      at + 1,
      `no test covers ${path}; script/lib/docs.mjs says which files are covered`,
    )
  }
  const source = region === undefined ? path : `${path}#${region}`
  return compare(page, source, block, present, expected)
}

function checkPage(page) {
  const before = readFileSync(join(root, page), 'utf8')
  const lines = before.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const marker = MARKER.exec(lines[i])
    const block = blockAt(lines, marker === null ? i : i + 1)
    if (block === undefined) {
      if (marker !== null) complain(page, i + 1, 'no code block after this line')
      checkLinks(page, i + 1, lines[i])
      continue
    }
    if (block.isOpen) complain(page, block.begin, 'this block has no end')
    if (marker === null) {
      if (LANGUAGES.test(block.language)) {
        complain(
          page,
          i + 1,
          `a block of ${block.language} needs a line <!-- file: PATH --> above it`,
        )
      }
      i = block.end
      continue
    }
    const right = checkMarked(page, lines, i, marker, block)
    lines.splice(block.begin, block.end - block.begin, ...right)
    i = block.begin + right.length
  }
  const after = lines.join('\n')
  if (after !== before) writeFileSync(join(root, page), after)
}

for (const page of pages) checkPage(page)

if (pages.length === 0) {
  console.error(`docs.mjs: there is no page in ${root}`)
  process.exit(2)
}
if (faults === 0) console.log(`${blocks} code blocks are the files they name`)
process.exit(faults > 0 ? 1 : 0)
