/**
 * Checks that an #include, or an import, points only downwards. Prints one line for each that does
 * not, `file:line: what: rule`, and ends with 1 if there is one.
 *
 * Usage: node layers.mjs ROOT
 */

import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { endCheck, filesBelow, rootOfTree } from './tree.mjs'

/** Headers of the C language that know no operating system. */
const STANDARD_C =
  'assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp stdalign ' +
  'stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath time uchar wchar wctype'

/** Headers that talk to a tool that watches the program, not to a system. */
const INSTRUMENTS = ['sanitizer/', 'valgrind/']

/**
 * The layers of the design, top first. `uses`: the folders below src/ whose headers a file in
 * `folder` may include, besides its own; every folder may include <hutch/...>. `system`: the headers
 * of the system that it may include; true means any but the engine's.
 */
const C_LAYERS = [
  { folder: 'src/base', uses: [], system: [STANDARD_C] },
  { folder: 'src/plat', uses: ['base'], system: true },
  { folder: 'src/strip', uses: ['base'], system: [STANDARD_C] },
  { folder: 'src/arena', uses: ['base', 'plat'], system: [STANDARD_C] },
  { folder: 'src/inspect', uses: ['base'], system: [STANDARD_C, 'quickjs'] },
  {
    folder: 'src/isolate',
    uses: ['inspect', 'arena', 'strip', 'plat', 'base'],
    system: [STANDARD_C, 'quickjs', 'sys/time'],
  },
  { folder: 'src/wire', uses: ['base', 'plat'], system: [STANDARD_C] },
  {
    folder: 'src/worker',
    uses: ['isolate', 'strip', 'arena', 'wire', 'plat', 'base'],
    system: true,
  },
  { folder: 'src/pool', uses: ['wire', 'plat', 'base'], system: true },
  { folder: 'node', uses: ['pool', 'wire', 'base'], system: true },
  { folder: 'cli', uses: ['base'], system: true },
  { folder: 'examples', uses: [], system: true },
  { folder: 'include/hutch', uses: [], system: ['stdbool stddef stdint'] },
]

const ENGINE_RULE = 'only src/inspect and src/isolate know the engine'

/** What the sources of the npm package may import by name; all that drivers may, and what finds
 *  the addon. */
const NODE = /^node:[a-z/_]+$/
const NODE_AND_BUILDS = /^(node:[a-z/_]+|@hutch\/isolate-[a-z0-9-]+)$/
const NODE_AND_TANSTACK = /^(node:[a-z/_]+|@tanstack\/ai-code-mode)$/

/**
 * The rooms of the npm package, top first. A file may import files of its own room and of those in
 * `uses`. An import of a type is an arrow as well: who reads the one file has to know the other.
 */
const JS_SOURCES = 'js/src'
const JS_ROOMS = [
  // The entries, beside the rooms: what package.json and the command `hutch` name.
  {
    room: '',
    uses: ['driver', 'open', 'text', 'run', 'addon', 'base'],
    modules: NODE_AND_TANSTACK,
  },
  { room: 'driver', uses: ['open', 'text', 'run', 'addon', 'base'], modules: NODE_AND_TANSTACK },
  { room: 'open', uses: ['run', 'addon', 'base'], modules: NODE },
  { room: 'text', uses: ['addon', 'base'], modules: NODE },
  { room: 'run', uses: ['addon', 'base'], modules: NODE },
  { room: 'addon', uses: ['base'], modules: NODE_AND_BUILDS },
  { room: 'base', uses: [], modules: NODE },
]

const SRC_FOLDERS = new Set(
  C_LAYERS.filter(({ folder }) => folder.startsWith('src/')).map(({ folder }) => basename(folder)),
)

/** The matches of a pattern in a file, each with its line. */
function* matchesIn(root, file, pattern) {
  const text = readFileSync(join(root, file), 'utf8')
  for (const match of text.matchAll(pattern)) {
    yield { match, line: text.slice(0, match.index).split('\n').length }
  }
}

/** Why a file of this layer may not include this header, or undefined. */
function faultOfInclude(layer, form, header) {
  const [first] = header.split('/')
  if (form === '"' || SRC_FOLDERS.has(first)) return faultOfOwnHeader(layer, header, first)
  if (first === 'hutch') return undefined
  if (header === 'quickjs.h' && !layerKnowsEngine(layer)) {
    return ENGINE_RULE
  }
  if (layer.system === true || INSTRUMENTS.some((prefix) => header.startsWith(prefix))) {
    return undefined
  }
  const allowed = layer.system.flatMap((list) => list.split(' ')).map((name) => `${name}.h`)
  if (allowed.includes(header)) return undefined
  return `${layer.folder} may include of the system only: ${allowed.join(' ')}`
}

function layerKnowsEngine(layer) {
  return layer.system !== true && layer.system.includes('quickjs')
}

function faultOfOwnHeader(layer, header, first) {
  if (header.includes('..')) return 'headers are named from src/, never by ..'
  if (!SRC_FOLDERS.has(first)) return undefined
  if (layer.folder === `src/${first}` || layer.uses.includes(first)) return undefined
  if (layer.uses.length === 0)
    return `${layer.folder} may include no header of another folder of src/`
  return `${layer.folder} may include headers of ${layer.uses.map((name) => `src/${name}`).join(', ')}`
}

/** A folder of src/ that the table forgot would be checked by nobody. */
function* faultsOfFolders(root) {
  for (const file of filesBelow(root, 'src', /\.[ch]$/)) {
    if (!C_LAYERS.some(({ folder }) => file.startsWith(`${folder}/`))) {
      const fault = 'script/lib/layers.mjs has no layer of this name'
      yield { file, line: 1, what: dirname(file), fault }
    }
  }
}

function* faultsOfC(root) {
  const include = /^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]/gm
  for (const layer of C_LAYERS) {
    for (const file of filesBelow(root, layer.folder, /\.[ch]$/)) {
      for (const { match, line } of matchesIn(root, file, include)) {
        const fault = faultOfInclude(layer, match[1], match[2])
        if (fault) yield { file, line, what: `#include ${match[1]}${match[2]}`, fault }
      }
    }
  }
}

/**
 * Everybody else: tests, fuzzers and benchmarks may include what they test, but not the engine, the
 * tests of the folders that know it excepted.
 */
function* faultsOfOthers(root) {
  const include = /^[ \t]*#[ \t]*include[ \t]*[<"](quickjs[^>"\n]*)[>"]/gm
  for (const folder of ['tests', 'fuzz', 'bench']) {
    for (const file of filesBelow(root, folder, /\.[ch]$/)) {
      if (/^tests\/(inspect|isolate)\//.test(file)) continue
      for (const { match, line } of matchesIn(root, file, include)) {
        yield {
          file,
          line,
          what: `#include <${match[1]}`,
          fault: ENGINE_RULE,
        }
      }
    }
  }
}

/** The room of a path; undefined: it is none that is known. */
function roomOf(path) {
  const folder = dirname(path)
  return JS_ROOMS.find(({ room }) => folder === join(JS_SOURCES, room))
}

/** Why a file of this room may not import this name, or undefined. */
function faultOfImport(from, file, name) {
  if (!name.startsWith('.')) {
    return from.modules.test(name)
      ? undefined
      : `${dirname(file)} may import its own files, node:… and no package but, for drivers, @tanstack/ai-code-mode`
  }
  const path = join(dirname(file), name)
  if (from.room === 'addon' && basename(path) === 'hutch.node') return undefined
  const to = roomOf(path)
  if (to === from || from.uses.includes(to?.room)) return undefined
  return `${dirname(file)} may import its own files${from.uses.map((name) => `, ${JS_SOURCES}/${name}`).join('')}`
}

function* faultsOfImports(root) {
  const imports = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*(['"])([^'"\n]+)\1/g
  for (const file of filesBelow(root, JS_SOURCES, /\.[cm]?[jt]s$/)) {
    const from = roomOf(file)
    if (from === undefined) {
      yield {
        file,
        line: 1,
        what: dirname(file),
        fault: 'script/lib/layers.mjs has no room of this name',
      }
      continue
    }
    for (const { match, line } of matchesIn(root, file, imports)) {
      const fault = faultOfImport(from, file, match[2])
      if (fault) yield { file, line, what: `import '${match[2]}'`, fault }
    }
  }
}

const root = rootOfTree()
const faults = [
  ...faultsOfFolders(root),
  ...faultsOfC(root),
  ...faultsOfOthers(root),
  ...faultsOfImports(root),
]
for (const { file, line, what, fault } of faults) console.log(`${file}:${line}: ${what}: ${fault}`)
endCheck(faults.length)
