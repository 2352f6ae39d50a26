/**
 * Finds the files of C code that call each other in a circle, the functions that are declared under
 * another file's name, and the files of js/src that import each other in a circle. Prints one line for
 * each that is not known below, and for each known one that is gone, and ends with 1 if there is a line.
 *
 * A name is an address: what `name.c` defines for others is declared in `name.h`, in the same folder or,
 * for src/plat/linux, in the one above; the public headers and those below excepted. A file's calls are
 * the names that its code mentions, those of the inline functions in its header included.
 *
 * An import of a type counts: it costs nothing when the program runs, but who reads the one file has to
 * know the other, and what two files know of each other can nearly always be said in a third.
 *
 * Usage: node circles.mjs ROOT
 */

import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { codeOf, endCheck, filesBelow, rootOfTree } from './tree.mjs'

/** Circles that are as they should be: what they read is nested, and so are their calls. */
const RECURSIVE = [
  {
    what: 'the parser: statements are in functions, functions in expressions, and so on',
    files:
      'src/strip/arrow.c src/strip/class.c src/strip/control.c src/strip/declaration.c src/strip/enum.c ' +
      'src/strip/export.c src/strip/expression.c src/strip/function.c src/strip/import.c ' +
      'src/strip/literal.c src/strip/namespace.c src/strip/operand.c src/strip/property.c ' +
      'src/strip/statement.c',
  },
  {
    what: 'types contain types',
    files: 'src/strip/generic.c src/strip/type.c src/strip/type_parts.c',
  },
  {
    what: 'values contain values',
    files: 'src/inspect/error.c src/inspect/heads.c src/inspect/inspect.c src/inspect/items.c',
  },
]

/**
 * Headers that several files of a folder share, because what they declare is known together: the face of
 * a thing that is made of several files, or the inside of the folder.
 */
const SHARED_HEADERS = [
  'node/addon.h',
  'src/arena/arena.h',
  'src/inspect/parts.h',
  'src/isolate/driver.h',
  'src/isolate/engine_os.h',
  'src/plat/confine.h',
  'src/plat/process.h',
  'src/pool/watcher.h',
  'src/worker/runner.h',
]

/** Heads of functions at the beginning of a line: `type name(…) {` or `;`. */
const FUNCTION = /^([a-z][\w *]*?[ *])([a-z]\w+)\(([^;{}]*?)\)\s*([;{])/gm

/** @param {string} root */
function readTree(root) {
  const files = ['src', 'node', 'cli'].flatMap((folder) => filesBelow(root, folder, /\.[ch]$/))
  const code = new Map(files.map((file) => [file, codeOf(readFileSync(join(root, file), 'utf8'))]))
  const defined = new Map()
  const declared = new Map()
  for (const [file, text] of code) {
    for (const [, type, name, , end] of text.matchAll(FUNCTION)) {
      if (/\b(static|typedef|return|else)\b/.test(type)) continue
      if (end === '{' && file.endsWith('.c')) defined.set(name, file)
      if (end === ';' && file.endsWith('.h')) declared.set(name, file)
    }
  }
  return { code, defined, declared, imports: importsOf(root) }
}

/** @param {string} source @param {string} header */
function isItsHeader(source, header) {
  const folders = [dirname(source), dirname(source).replace(/\/linux$/, '')]
  return folders.includes(dirname(header)) && basename(header, '.h') === basename(source, '.c')
}

function* misplaced({ defined, declared }) {
  for (const [name, source] of defined) {
    const header = declared.get(name)
    if (header === undefined || isItsHeader(source, header)) continue
    if (SHARED_HEADERS.includes(header)) continue
    yield `${source}: ${name} is declared in ${header}`
  }
}

/** The files that each file calls. */
function callsOf({ code, defined }) {
  const calls = new Map()
  for (const [file, text] of code) {
    const source = file.replace(/\.h$/, '.c')
    const own = file.endsWith('.c')
      ? text
      : (text.match(/^static inline[\s\S]*?^}/gm) ?? []).join('\n')
    const others = calls.get(source) ?? new Set()
    for (const [name] of own.matchAll(/\b[a-z]\w+\b/g)) {
      const other = defined.get(name)
      if (other !== undefined && other !== source) others.add(other)
    }
    calls.set(source, others)
  }
  return calls
}

/** The files that each file of the package imports. @param {string} root */
function importsOf(root) {
  const imports = new Map()
  for (const file of filesBelow(root, 'js/src', /\.ts$/)) {
    const text = readFileSync(join(root, file), 'utf8')
    const names = [...text.matchAll(/\b(?:from|import|import\()\s*'(\.[^'\n]+)\.js'/g)]
    imports.set(file, new Set(names.map(([, name]) => `${join(dirname(file), name)}.ts`)))
  }
  return imports
}

/** Tarjan's strongly connected components of more than one file, each sorted. */
function circlesOf(calls) {
  const circles = []
  const number = new Map()
  const lowest = new Map()
  const stack = []
  const visit = (file) => {
    number.set(file, number.size)
    lowest.set(file, number.get(file))
    stack.push(file)
    for (const other of calls.get(file) ?? []) {
      if (!number.has(other)) visit(other)
      if (stack.includes(other)) lowest.set(file, Math.min(lowest.get(file), lowest.get(other)))
    }
    if (lowest.get(file) === number.get(file)) {
      const circle = stack.splice(stack.indexOf(file))
      if (circle.length > 1) circles.push(circle.sort().join(' '))
    }
  }
  for (const file of calls.keys()) if (!number.has(file)) visit(file)
  return circles
}

function* unused({ code, defined, declared }) {
  const shared = new Set()
  for (const [name, source] of defined) {
    const header = declared.get(name)
    if (header !== undefined && !isItsHeader(source, header)) shared.add(header)
  }
  for (const header of SHARED_HEADERS) {
    if (code.has(header) && !shared.has(header)) yield `${header}: it is not shared any more`
  }
}

function* faults(tree) {
  const circles = circlesOf(callsOf(tree))
  const known = RECURSIVE.map(({ files }) => files.split(' ').sort().join(' '))
  for (const circle of circles) {
    if (!known.includes(circle)) yield `these files call each other in a circle: ${circle}`
  }
  for (const circle of known) {
    const some = circle.split(' ').some((file) => tree.code.has(file))
    if (some && !circles.includes(circle)) yield `a circle that is known is another now: ${circle}`
  }
  for (const circle of circlesOf(tree.imports)) {
    yield `these files import each other in a circle: ${circle}`
  }
  yield* misplaced(tree)
  yield* unused(tree)
}

const lines = [...faults(readTree(rootOfTree()))]
for (const line of lines) console.log(line)
endCheck(lines.length)
