import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decadesOf, drawChart } from '../../bench/chart.mjs'

/** @param {import('../../bench/chart.mjs').Bar[]} bars @returns {import('../../bench/chart.mjs').Panel} */
const panel = (...bars) => ({ title: 'fresh', unit: 'microseconds', bars })
const bar = (/** @type {number | undefined} */ value, label = 'peer', ours = false) => ({
  label,
  value,
  ours,
})

/** The lengths of all bars. @param {string} svg */
const lengthsIn = (svg) =>
  [...svg.matchAll(/<rect class="bar[^"]*"[^>]* width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  )

test('a scale reaches from a power of ten to another one', () => {
  assert.deepEqual(decadesOf([8, 90, 12_000]), { from: 0, to: 5 })
  assert.deepEqual(decadesOf([0.5]), { from: -1, to: 0 })
  assert.deepEqual(decadesOf([10, 10]), { from: 1, to: 2 })
})

test('a factor of ten is the same length everywhere', () => {
  const [one, ten, hundred] = lengthsIn(drawChart('', '', [panel(bar(20), bar(200), bar(2000))]))
  assert.ok(one !== undefined && ten !== undefined && hundred !== undefined)
  assert.ok(Math.abs(hundred - ten - (ten - one)) < 0.2)
})

test('a bar is never invisible, and one without a figure is none', () => {
  const svg = drawChart('', '', [panel(bar(1), bar(undefined), bar(10), bar(0))])
  const lengths = lengthsIn(svg)
  assert.equal(lengths.length, 2)
  assert.ok(Math.min(...lengths) >= 2)
  assert.equal(svg.split('>–<').length - 1, 2)
})

test('a chart in which nobody has a figure is still a chart', () => {
  assert.match(drawChart('nothing', '', [panel(bar(undefined))]), /<\/svg>\n$/)
})

test('the chart says in words what it shows', () => {
  const svg = drawChart('Ours & theirs', 'a machine', [panel(bar(8, 'ours'), bar(undefined, 'it'))])
  assert.match(svg, /role="img" aria-labelledby="title desc"/)
  assert.match(svg, /<title id="title">Ours &#38; theirs<\/title>/)
  assert.match(svg, /<desc id="desc">[^<]*fresh: ours 8\.00 µs\.<\/desc>/)
})

test('what is given as text cannot become markup', () => {
  const svg = drawChart('<b>', '"a" & <c>', [panel(bar(1, '<script>'))])
  assert.doesNotMatch(svg, /<script|<b>|<c>/)
})

test('there are colours for light and for dark pages', () => {
  assert.match(drawChart('', '', []), /@media \(prefers-color-scheme: dark\)/)
})

test('of a rate the longer bar is the better one, and the panel says so', () => {
  const svg = drawChart('', '', [{ title: 'flight', unit: 'rate', bars: [bar(1000)] }])
  assert.match(svg, />flight \(longer is better\)</)
})

test('every element that is opened is closed', () => {
  const svg = drawChart('a', 'b', [panel(bar(1)), panel(bar(2)), panel(bar(3))])
  /** @type {string[]} */
  const open = []
  for (const [, end, name, self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (end === '/') assert.equal(open.pop(), name)
    else if (self !== '/') open.push(name ?? '')
  }
  assert.deepEqual(open, [])
})
