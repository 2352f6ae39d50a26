/** script/lib/names.mjs finds what comments name and what is there no more. */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { faultsIn } from './tree.mjs'

/** What is there in every tree. */
const THERE = {
  'src/pool/there.h': 'void hutch_there(void);\n',
  'docs/there.md': '# There\n',
}

/** The lines that are said of a tree with these files. */
const check = (files) => faultsIn('script/lib/names.mjs', { ...THERE, ...files })

for (const [file, text] of [
  ['src/pool/a.c', '/* See there.h, pool/there.h, docs/there.md and hutch_there(). */\n'],
  ['src/pool/a.c', '/* Of <sys/other.h>. */\n#include <other.h>\n'],
  ['src/pool/a.c', 'int here(void) { return self.c; }\n'],
  ['script/a', '# Looks; docs/there.md says at what.\n'],
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
]) {
  test(`${text.trim()} is wrong`, () => {
    const [line, ...others] = check({ [file]: text })
    const at = text.includes('As\n') ? 3 : 2
    assert.deepEqual([line, others], [`${file}:${at}: there is no ${name}`, []])
  })
}
