/** Tests of the comparison itself: that it sees what is wrong. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from './judge.mjs'
import { blank, parseTypeScript } from './reference.mjs'

const SOURCE = `import { type A, b } from 'b'
interface C { d: string }
const e = <T,>(f: T, g?: number): T => f as T
class H<T> { readonly i!: T; constructor() { b(this.i!) } }
`

/** @param {string} source @returns {string} */
function stripped(source) {
  return /** @type {string} */ (blank(parseTypeScript(source)))
}

/** @param {string} source @param {string} text @returns {string[]} the checks that fail */
function checksFailing(source, text) {
  return judge(source, { text }).faults.map(({ check }) => check)
}

test('what ts-blank-space makes of a source is right', () => {
  assert.deepEqual(checksFailing(SOURCE, stripped(SOURCE)), [])
})

test('a token too few changes the tree', () => {
  const text = stripped(SOURCE).replace('=> f', '=>  ')
  assert.ok(checksFailing(SOURCE, text).includes('tree'))
})

test('an optional chain is told from one in parentheses', () => {
  const source = 'const a = (b?.c as any).d\n'
  const text = 'const a =  b?.c        .d\n'
  assert.ok(checksFailing(source, text).includes('tree'))
})

test('a type that was left over is no JavaScript', () => {
  assert.ok(checksFailing(SOURCE, SOURCE).includes('tree'))
})

test('a token that moved within its line is a fault of positions and of bytes, not of the tree', () => {
  const text = stripped(SOURCE).replace('const e', 'const  e').replace('f          ', 'f         ')
  assert.deepEqual(checksFailing(SOURCE, text), ['positions', 'bytes'])
})

test('a line break too few is a fault of positions', () => {
  const text = stripped(SOURCE).replace("'b'\n", "'b';")
  assert.ok(checksFailing(SOURCE, text).includes('positions'))
})

test('columns are counted in UTF-16 units', () => {
  const source = "type A = '😀'; const b = 1\n"
  assert.deepEqual(checksFailing(source, `               const b = 1\n`), [])
  assert.ok(checksFailing(source, `              const b = 1\n`).includes('positions'))
})

test('a line break of Unicode that was erased is a fault of positions', () => {
  const source = 'let a: {\u2028b: 1}; a = 1\n'
  assert.ok(checksFailing(source, 'let a           ; a = 1\n').includes('positions'))
})

test('a problem that is in no list is a fault', () => {
  const problem = { message: 'expected a name', line: 2, column: 1, offset: 30, extent: 9 }
  const { faults } = judge(SOURCE, { problem })
  assert.deepEqual(
    faults.map(({ check, why }) => [check, why]),
    [['refused', '2:1: expected a name']],
  )
})

test('a problem that is listed is a refusal, where the construct stands and nowhere else', () => {
  const source = 'const a = 1\nexport = a\n'
  const message = "expected 'export default', found 'export ='"
  const at = (/** @type {number} */ offset) =>
    judge(source, { problem: { message, line: 2, column: 1, offset, extent: 8 } })
  assert.equal(at(12).refused, 'export =')
  assert.deepEqual(at(12).faults, [])
  assert.equal(at(3).faults.length, 1)
})

test('what a namespace exports may stay a variable', () => {
  const source = 'namespace N { export const a = 1; b(a) }\n'
  const text = 'var N; (function (N) { const a = N.a = 1; b(a) })(N || (N = {}));\n'
  assert.deepEqual(checksFailing(source, text), [])
  assert.deepEqual(checksFailing(source, text.replace('b(a)', 'b(1)')), ['tree'])
})

test('a member of an enum may stay an expression, if it has the value', () => {
  const source = 'enum E { A = 1 << 3, B }\n'
  const text = (/** @type {string} */ value) =>
    `var E; (function (E) { E[E["A"] = ${value}] = "A"; E[E["B"] = 9] = "B"; })(E || (E = {}));\n`
  assert.deepEqual(checksFailing(source, text('1 << 3')), [])
  assert.deepEqual(checksFailing(source, text('1 << 4')), ['tree'])
})

test('a source with a syntax error is set aside', () => {
  assert.match(judge('let = = 1', { text: '' }).setAside ?? '', /syntax error/)
})
