/**
 * Tool calls against time, one row a tool. A column shows how many calls of
 * the tool were going on in its slice of time, or an x where one failed.
 */

import type { Call } from '../run.ts'

export const LEGEND = '- one in this slice of time, = several, # ten and more, x one failed'

const LABEL_WIDTH = 18
const COUNT_WIDTH = 6

/** The rows, the scale first, for a run of `time` milliseconds; at most `width` columns wide. */
export function timeline(calls: Call[], time: number, width: number): string[] {
  const columns = width - LABEL_WIDTH - COUNT_WIDTH - 2
  const end = `${time.toFixed(1)} ms`
  const scale = `${' '.repeat(LABEL_WIDTH + 1)}0${end.padStart(columns - 1)}`
  const tools = new Set(calls.map((call) => call.tool))
  const rows = [...tools].map((tool) => {
    const own = calls.filter((call) => call.tool === tool)
    const name = tool.replace(/^external_/, '').padEnd(LABEL_WIDTH)
    return `${name}|${bar(own, time, columns)}|${`x ${own.length}`.padStart(COUNT_WIDTH)}`
  })
  return [scale, ...rows]
}

function bar(calls: Call[], time: number, columns: number): string {
  const open = new Array<number>(columns).fill(0)
  const failed = new Set<number>()
  const columnOf = (moment: number): number =>
    Math.min(columns - 1, Math.floor((moment / time) * columns))
  for (const call of calls) {
    const last = columnOf(Number.isNaN(call.end) ? time : call.end)
    for (let column = columnOf(call.begin); column <= last; column += 1) open[column] += 1
    if (call.failed) failed.add(last)
  }
  return open.map((count, column) => (failed.has(column) ? 'x' : shade(count))).join('')
}

function shade(count: number): string {
  if (count === 0) return ' '
  if (count === 1) return '-'
  return count < 10 ? '=' : '#'
}
