/**
 * Checks that an #include, or an import, points only downwards. Prints one line for each that does
 * not, `file:line: what: rule`, and ends with 1 if there is one.
 *
 * Usage: node layers.mjs ROOT
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

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
  {
    folder: 'src/isolate',
    uses: ['arena', 'strip', 'plat', 'base'],
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
  { folder: 'cli', uses: [], system: true },
  { folder: 'examples', uses: [], system: true },
  { folder: 'include/hutch', uses: [], system: ['stdbool stddef stdint'] },
]

/** What the sources of the npm package may import by name. */
const JS_LAYER = { folder: 'js/src', modules: /^(node:[a-z/_]+|@tanstack\/ai-code-mode)$/ }

const SRC_FOLDERS = new Set(['base', 'plat', 'strip', 'arena', 'isolate', 'wire', 'worker', 'pool'])

function filesBelow(root, folder, pattern) {
  let entries
  try {
    entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
  return entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|dist|build)\//.test(file))
    .sort()
}

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
    return 'only src/isolate knows the engine'
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
 * tests of src/isolate excepted.
 */
function* faultsOfOthers(root) {
  const include = /^[ \t]*#[ \t]*include[ \t]*[<"](quickjs[^>"\n]*)[>"]/gm
  for (const folder of ['tests', 'fuzz', 'bench']) {
    for (const file of filesBelow(root, folder, /\.[ch]$/)) {
      if (file.startsWith('tests/isolate/')) continue
      for (const { match, line } of matchesIn(root, file, include)) {
        yield {
          file,
          line,
          what: `#include <${match[1]}`,
          fault: 'only src/isolate knows the engine',
        }
      }
    }
  }
}

function* faultsOfImports(root) {
  const imports = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*(['"])([^'"\n]+)\1/g
  for (const file of filesBelow(root, JS_LAYER.folder, /\.[cm]?[jt]s$/)) {
    for (const { match, line } of matchesIn(root, file, imports)) {
      const name = match[2]
      const inside = !relative(JS_LAYER.folder, join(file, '..', name)).startsWith('..')
      if (name.startsWith('.') ? inside : JS_LAYER.modules.test(name)) continue
      const fault = `${JS_LAYER.folder} may import its own files, node:… and @tanstack/ai-code-mode`
      yield { file, line, what: `import '${name}'`, fault }
    }
  }
}

const root = process.argv[2]
if (root === undefined) {
  console.error('layers.mjs: expected the root of the repository')
  process.exit(2)
}
const faults = [...faultsOfC(root), ...faultsOfOthers(root), ...faultsOfImports(root)]
for (const { file, line, what, fault } of faults) console.log(`${file}:${line}: ${what}: ${fault}`)
process.exit(faults.length > 0 ? 1 : 0)
