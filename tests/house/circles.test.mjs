/** script/lib/circles.mjs finds files that call, or import, each other in a circle, and functions
 *  under another file's name. */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { faultsIn, faultsOf, repository } from './tree.mjs'

const script = 'script/lib/circles.mjs'

const check = (files) => faultsIn(script, files)

/** A file that defines a function of its name and calls others, and the file's header. */
function file(name, ...callees) {
  const calls = callees.map((callee) => `    ${callee}();\n`).join('')
  return {
    [`src/pool/${name}.h`]: `void hutch_${name}(void);\n`,
    [`src/pool/${name}.c`]: `void hutch_${name}(void) {\n${calls}}\n`,
  }
}

test('this repository has none', () => {
  assert.deepEqual(faultsOf(script, [repository]), [])
})

test('two files that call each other are a circle', () => {
  assert.deepEqual(check({ ...file('a', 'hutch_b'), ...file('b', 'hutch_a') }), [
    'these files call each other in a circle: src/pool/a.c src/pool/b.c',
  ])
})

test('so are three, found once; who only calls into it is not in it', () => {
  const tree = {
    ...file('a', 'hutch_b'),
    ...file('b', 'hutch_c'),
    ...file('c', 'hutch_a'),
    ...file('d', 'hutch_a'),
  }
  assert.deepEqual(check(tree), [
    'these files call each other in a circle: src/pool/a.c src/pool/b.c src/pool/c.c',
  ])
})

test('a chain is none, nor is a name in a comment, a text or a directive', () => {
  const b =
    'void hutch_b(void) {\n    /* hutch_a */ puts("hutch_a"); // hutch_a\n}\n#define X hutch_a\n#define Y(Z) \\\n    hutch_a() \\\n    Z\n'
  assert.deepEqual(check({ ...file('a', 'hutch_b'), ...file('b'), 'src/pool/b.c': b }), [])
})

test('an inline function calls for its header', () => {
  const header = 'void hutch_b(void);\nstatic inline void hutch_quick(void) {\n    hutch_a();\n}\n'
  assert.deepEqual(check({ ...file('a', 'hutch_b'), ...file('b'), 'src/pool/b.h': header }), [
    'these files call each other in a circle: src/pool/a.c src/pool/b.c',
  ])
})

test('a known circle may not grow', () => {
  const chain = ['generic', 'type', 'type_parts', 'more']
  const tree = {}
  chain.forEach((name, i) => {
    const next = chain[(i + 1) % chain.length]
    tree[`src/strip/${name}.h`] = `void strip_${name}(void);\n`
    tree[`src/strip/${name}.c`] = `void strip_${name}(void) {\n    strip_${next}();\n}\n`
  })
  const lines = check(tree)
  assert.match(lines[0], /in a circle: .*generic\.c .*more\.c .*type\.c .*type_parts\.c/)
  assert.match(lines[1], /a circle that is known is another now/)
})

test("a function is declared in its own file's header", () => {
  const lines = check({
    ...file('a'),
    'src/pool/b.c': 'int hutch_b(int x) {\n    return x;\n}\n',
    'src/pool/a.h': 'void hutch_a(void);\nint hutch_b(int x);\n',
  })
  assert.deepEqual(lines, ['src/pool/b.c: hutch_b is declared in src/pool/a.h'])
})

test('what a shared header declares may be anywhere in its folder', () => {
  const tree = { ...file('watcher'), 'src/pool/b.c': 'void hutch_b(void) {\n}\n' }
  tree['src/pool/watcher.h'] += 'void hutch_b(void);\n'
  assert.deepEqual(check(tree), [])
})

test('a header that is not shared any more is taken from the list', () => {
  assert.deepEqual(check(file('watcher')), ['src/pool/watcher.h: it is not shared any more'])
})

test('files of the package that import each other are a circle, an import of a type counts', () => {
  const tree = {
    'js/src/run/a.ts': "import { b } from '../addon/b.js'\n",
    'js/src/addon/b.ts': "import {\n  type C,\n} from './c.js'\n",
    'js/src/addon/c.ts': "import type { B } from './b.js'\n",
    'js/src/index.ts': "export { a } from './run/a.js'\n",
  }
  assert.deepEqual(check(tree), [
    'these files import each other in a circle: js/src/addon/b.ts js/src/addon/c.ts',
  ])
  tree['js/src/addon/c.ts'] = "export * from '../run/a.js'\n"
  assert.deepEqual(check(tree), [
    'these files import each other in a circle: js/src/addon/b.ts js/src/addon/c.ts js/src/run/a.ts',
  ])
  tree['js/src/addon/c.ts'] = "import { readFileSync } from 'node:fs'\n"
  assert.deepEqual(check(tree), [])
})
