/** script/lib/names.mjs finds what comments name and what is there no more. */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { faultsIn } from './tree.mjs'

/** What is there in every tree. */
const THERE = {
  'src/pool/there.h': 'void hutch_there(void);\n',
  'docs/there.md': '# There\n',
  'script/there': '# There\n',
  'script/lib/there.mjs': '// There\n',
}

/** The lines that are said of a tree with these files. */
const check = (files) => faultsIn('script/lib/names.mjs', { ...THERE, ...files })

for (const [file, text] of [
  ['src/pool/a.c', '/* See there.h, pool/there.h, docs/there.md and hutch_there(). */\n'],
  ['src/pool/a.c', '/* Of <sys/other.h>. */\n#include <other.h>\n'],
  ['src/pool/a.c', 'int here(void) { return self.c; }\n'],
  ['script/a', '# Looks; docs/there.md says at what.\n'],
  ['docs/a.md', 'See script/there, pool/there.h, `hutch_there()` and Node.js; not a .d.ts.\n'],
  ['tests/js/a.test.js', "import { a } from './gone.mjs' // see script/lib/there.mjs\n"],
]) {
  test(`${text.trim()} is right`, () => {
    assert.deepEqual(check({ [file]: text }), [])
  })
}

for (const [file, text, name] of [
  ['src/pool/a.c', '\n/* See gone.h. */\n', 'gone.h'],
  ['src/pool/a.c', '\n/* As\n * (base/there.h) says */\n', 'base/there.h'],
  ['include/hutch/a.h', '\n/** See hutch_gone(). */\n', 'hutch_gone()'],
  ['js/src/a.ts', '\n// See gone.ts\n', 'gone.ts'],
  ['script/a', "\ndie 'docs/gone.md says more'\n", 'docs/gone.md'],
  ['script/a', '\n# script/gone makes it\n', 'script/gone'],
  ['docs/a.md', '\nSee script/lib/gone.mjs.\n', 'script/lib/gone.mjs'],
  ['README.md', '\n`strip_gone()` strips.\n', 'strip_gone()'],
  ['tests/js/a.test.js', '\n// As a.gone.test.mjs\n', 'a.gone.test.mjs'],
]) {
  test(`${text.trim()} is wrong`, () => {
    const [line, ...others] = check({ [file]: text })
    const at = text.includes('As\n') ? 3 : 2
    assert.deepEqual([line, others], [`${file}:${at}: there is no ${name}`, []])
  })
}
