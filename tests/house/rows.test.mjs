/** script/lib/rows.mjs finds rows of tables that nobody uses. */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { faultsIn } from './tree.mjs'

/** What is said of a table `name`, whose one row begins with `first`, and of this code. */
function check(name, first, code, more = '') {
  const header = `${more}\n#define ${name}(X) \\\n    X(KNOWN, 1) \\\n    X(${first}, 2)\n`
  return faultsIn('script/lib/rows.mjs', {
    'include/hutch/a.h': header,
    'src/pool/a.c': `int known = KNOWN;\n${code}\n`,
  })
}

const CHOICES = 'enum choice { A_TABLE(HUTCH_CHOICE_CONSTANT) };'

for (const [first, code, more] of [
  ['HUTCH_A', 'return HUTCH_A;'],
  ['HUTCH_A', 'if (HUTCH_A == x) {'],
  ['member', 'if (options.member) {'],
  ['member', 'x = options->member + 1;'],
  ['HUTCH_A', 'case HUTCH_A:', CHOICES],
  ['HUTCH_A', 'if (options->choice == KNOWN) {', CHOICES],
]) {
  test(`${first} is used: ${code}`, () => {
    assert.deepEqual(check('A_TABLE', first, code, more), [])
  })
}

for (const [first, code] of [
  ['HUTCH_A', 'case HUTCH_A:'],
  ['HUTCH_A', 'HUTCH_A_B();'],
  ['HUTCH_A', 'enum { HUTCH_A = 3 };'],
  ['HUTCH_A', '/* HUTCH_A */ "HUTCH_A"; // HUTCH_A'],
  ['member', 'int member = 1;'],
  ['member', 'x = "options.member"; /* options->member */'],
]) {
  test(`${first} is not used: ${code}`, () => {
    const expected = `include/hutch/a.h:4: no code uses ${first} of A_TABLE`
    assert.deepEqual(check('A_TABLE', first, code), [expected])
  })
}

test('of choices one may be what else is, and no more', () => {
  const table = 'X(OTHER, 3) \\\n'
  const more = `${CHOICES}\n#define A_TABLE(X) \\\n    X(KNOWN, 1) \\\n    ${table}    X(HUTCH_B, 2)\n`
  assert.deepEqual(check('B_TABLE', 'KNOWN', '', more), [
    'include/hutch/a.h:5: no code uses HUTCH_B of A_TABLE',
  ])
})

test('tables that are walked through have no row of their own in code', () => {
  assert.deepEqual(check('HUTCH_LAYER_TABLE', 'HUTCH_A', ''), [])
})

test('a table of one file is its own', () => {
  const files = { 'src/pool/a.c': '#define A_TABLE(X) X(HUTCH_A, 1)\nint a[] = {A_TABLE(ROW)};\n' }
  assert.deepEqual(faultsIn('script/lib/rows.mjs', files), [])
})
