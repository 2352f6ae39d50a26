import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, spreadOf, summarize, summarizeRounds } from '../../bench/statistics.mjs'

const upTo = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => at + 1)

test('quantiles are values that were measured, whatever their order', () => {
  const { samples, min, p50, p95, p99, max } = summarize(upTo(100).reverse())
  assert.deepEqual([samples, min, p50, p95, p99, max], [100, 1, 51, 96, 100, 100])
})

test('of one sample all quantiles are that sample', () => {
  const { samples, min, p50, p95, p99, max } = summarize([7])
  assert.deepEqual([samples, min, p50, p95, p99, max], [1, 7, 7, 7, 7, 7])
})

test('numbers are sorted as numbers', () => {
  assert.equal(summarize([10, 9, 100]).p50, 10)
})

test('the spread is half the distance of the quartiles of the medians, by their median', () => {
  const rounds = [[90], [100], [100], [110]]
  assert.equal(spreadOf(rounds), 0.05)
})

test('what disturbs a few samples of a round does not spread', () => {
  const rounds = [
    [10, 10, 10, 500],
    [10, 10, 10, 10],
    [10, 10, 10, 900],
  ]
  assert.equal(spreadOf(rounds), 0)
})

test('one round is not stable', () => {
  assert.equal(spreadOf([[1, 1, 1]]), Number.POSITIVE_INFINITY)
})

test('rounds that are all zero are stable', () => {
  assert.equal(spreadOf([[0], [0]]), 0)
})

test('a summary counts the samples of all rounds', () => {
  const summary = summarizeRounds([[1, 2], [3], [4, 5, 6]])
  assert.equal(summary.samples, 6)
  assert.equal(summary.rounds, 3)
  assert.equal(summary.p50, 4)
})

test('figures have three digits and the unit that suits their size', () => {
  assert.equal(format(0.5, 'microseconds'), '0.500 µs')
  assert.equal(format(8, 'microseconds'), '8.00 µs')
  assert.equal(format(999.4, 'microseconds'), '999 µs')
  assert.equal(format(999.6, 'microseconds'), '1.00 ms')
  assert.equal(format(12_345, 'microseconds'), '12.3 ms')
  assert.equal(format(2_500_000, 'microseconds'), '2.50 s')
  assert.equal(format(102_345, 'rate'), '102,345/s')
  assert.equal(format(4.4, 'ratio'), '4.40 ×')
  assert.equal(format(160, 'kilobytes'), '160 KiB')
})
