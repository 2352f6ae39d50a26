/** script/lib/style.mjs finds what the formatters leave, and says where. */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { faultsOf, withTree } from './tree.mjs'

/** The lines that are said of a file. */
const check = (name, text) =>
  withTree({ [name]: text }, (root) => faultsOf('script/lib/style.mjs', [name], root))

const long = (count) => `int a(void) {\n${'    b();\n'.repeat(count)}}\n\nint c(void) {\n}\n`

const WIDE = 'a word '.repeat(16)
const NARROW = 'a word '.repeat(15)

for (const [name, text] of [
  ['a.c', `/* ${NARROW}*/\n\nsize_t n = sizeof *a + sizeof(size_t) + sizeof(int);\n`],
  ['a.c', long(69)],
  ['a.ts', `// ${NARROW}\nconst a = sizeof(b)\n`],
  ['a', `#!/bin/${'a'.repeat(120)} -e -u\n`],
]) {
  test(`${name} is as it should be: ${text.slice(0, 20).trim()}…`, () => {
    assert.deepEqual(check(name, text), [])
  })
}

for (const [name, line, expected] of [
  ['a.c', `/* ${WIDE}*/`, /^a\.c:3: a comment has at most 110 columns: /],
  ['a.h', ` * ${WIDE}`, /^a\.h:3: a comment has at most 110 columns: /],
  ['a.ts', `  // ${WIDE}`, /^a\.ts:3: a comment has at most 110 columns: /],
  ['a.sh', `# ${WIDE}`, /^a\.sh:3: a comment has at most 110 columns: /],
  ['a.c', '    size_t n = sizeof(*a);', /^a\.c:3: write sizeof without parentheses/],
  ['a.c', long(70), /^a\.c:74: a function has at most 70 lines: int a/],
  ['a.c', '    const size_t n = 1;', /^a\.c:3: write no const/],
]) {
  test(`${name} is not: ${line.slice(0, 30).trim()}…`, () => {
    const [first, ...others] = check(name, `\n\n${line}\n`)
    assert.match(first, expected)
    assert.deepEqual(others, [])
  })
}
