/**
 * Writes numbers.golden: how numbers are written, in the words of Node.js 24. Each line is an
 * expression, a tab, and its text.
 *
 *     node tests/isolate/numbers.mjs > tests/isolate/numbers.golden
 */

import { runInThisContext } from 'node:vm'

/** The same numbers each time. */
let state = 1
function random() {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const below = (count) => Math.floor(random() * count)

const expressions = new Set()
const add = (...lines) => {
  for (const line of lines) expressions.add(line)
}

// Powers of two have neighbours at different distances below and above.
for (const exponent of [-1074, -1022, -1017, -957, -44, 53, 89, 1023])
  add(`String(2 ** ${exponent})`)
for (let i = 0; i < 60; i++) add(`String(2 ** ${below(2098) - 1074})`)
for (let i = 0; i < 20; i++) {
  const exponent = below(2000) - 1000
  add(`String(2 ** ${exponent} * (1 + 2 ** -52))`, `String(2 ** ${exponent} * (1 - 2 ** -53))`)
}
add(
  '(1e21).toString(36)',
  '(0.1).toString(2)',
  '(2 ** 53).toString(36)',
  '(2 ** 54 + 4).toString(7)',
)
add('(-255.5).toString(16)', '(0.5).toString(3)', '(1 / 3).toString(3)', '(1e-7).toString(36)')
add('Number.MAX_VALUE.toString(36)', 'Number.MIN_VALUE.toString(36)', '(-0).toString(2)')
add('NaN.toString(2)', '(-Infinity).toString(36)', '(35.99999999999999).toString(36)')
for (let i = 0; i < 120; i++) {
  const radix = 2 + below(35)
  const [digits, exponent] = [below(2 ** 32), below(60) - 30]
  add(`(${digits}e${exponent}).toString(${radix})`)
}
for (let i = 0; i < 40; i++) {
  const number = `(${below(1e9)}e${below(30) - 20})`
  add(`${number}.toFixed(${below(30)})`, `${number}.toPrecision(${1 + below(30)})`)
  add(`${number}.toExponential(${below(30)})`)
}
add('(1.005).toFixed(2)', '(0.5).toFixed(0)', '(-1.5).toFixed(0)', '(1e21).toFixed(2)')
add('(1e-10).toFixed(2)', '(123.456).toPrecision(4)', '(0).toExponential(2)')

for (const expression of expressions) console.log(`${expression}\t${runInThisContext(expression)}`)
