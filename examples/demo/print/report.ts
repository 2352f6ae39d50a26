/** Prints a run, long or short, and the table at the end. */

import type { Program } from '../program.ts'
import type { Run } from '../run.ts'
import { highlight } from './source.ts'
import { bold, cyan, dim, green, print, red, width, yellow } from './terminal.ts'
import { timeline } from './timeline.ts'
import { alignedLines, valueLines } from './value.ts'

const LABEL_WIDTH = 9
const MOST_LOG_LINES = 5

/** What is printed before a program runs. */
export function printProgram(program: Program, number: number, count: number): void {
  const heading = `${number}/${count}  ${program.title}`
  print()
  print(bold(cyan(heading)))
  print(dim('-'.repeat(width)))
  for (const line of highlight(program.code).split('\n')) print(`  ${line}`.trimEnd())
  print()
}

/** What is printed when it has run. */
export function printRun(run: Run, faults: string[]): void {
  const { outcome, calls, time, parts, beat } = run
  if (outcome.success) {
    section('result', valueLines(outcome.result, width - LABEL_WIDTH))
  } else {
    section('error', [red(`${outcome.error?.name}: ${outcome.error?.message}`)])
  }
  section('logs', logLines(outcome.logs ?? []))
  section(
    'calls',
    timeline(calls, time, width - LABEL_WIDTH).map((row) => dimBars(row)),
  )
  const [before, context, execute] = [parts.before, parts.context, parts.execute].map(milliseconds)
  const split = `TypeScript ${before}, createContext ${context}, execute ${execute}`
  section('time', [`${milliseconds(time)}  ${dim(`(${split})`)}`])
  const { timeout, memory } = run.program
  section('limits', [`${timeout} ms, ${memory} MB`])
  section('host', [`a 5 ms timer ticked ${beat.ticks} times, longest gap ${gap(run)}`])
  section('verdict', verdictLines(run, faults))
}

/** A run in one line; what is wrong follows it. */
export function printRunShortly(run: Run, faults: string[]): void {
  const verdict = faults.length === 0 ? green('ok  ') : red('FAIL')
  const { program, calls, time } = run
  const ending = `${endingOf(run)}, ${calls.length} calls, ${milliseconds(time)}`
  print(`${verdict} ${program.name.padEnd(24)} ${ending}`)
  for (const fault of faults) print(`     ${red(fault)}`)
}

/** The table at the end, and the last word. */
export function printSummary(runs: Run[], faults: string[][]): void {
  const head = ['program', 'ended with', 'calls', 'failed', 'logs', 'time', 'ticks', 'longest gap']
  const rows = runs.map((run) => [
    run.program.name,
    endingOf(run),
    String(run.calls.length),
    String(run.calls.filter((call) => call.failed).length),
    String(run.outcome.logs?.length ?? 0),
    milliseconds(run.time),
    String(run.beat.ticks),
    gap(run),
  ])
  const lines = alignedLines([head, ...rows], (column) => column > 1)
  print()
  print(bold(lines[0]))
  print(dim('-'.repeat(Math.max(...lines.map((line) => line.length)))))
  for (const [index, line] of lines.slice(1).entries()) {
    print(faults[index].length === 0 ? line : red(line))
  }
  print(dim("ticks, gap: of a 5 ms timer of the host, which the tools' own work holds up as well"))
  print()
  const bad = faults.filter((found) => found.length > 0).length
  if (bad === 0) print(green(`All ${runs.length} programs did what they should.`))
  else print(red(`${bad} of ${runs.length} programs did not do what they should.`))
}

function endingOf({ outcome }: Run): string {
  return outcome.success ? 'success' : (outcome.error?.name ?? 'an error without a name')
}

function section(label: string, lines: string[]): void {
  for (const [index, line] of lines.entries()) {
    print(`${bold((index === 0 ? label : '').padEnd(LABEL_WIDTH))}${line}`)
  }
}

function verdictLines(run: Run, faults: string[]): string[] {
  if (faults.length > 0) return faults.map((fault) => red(fault))
  return run.program.expect === 'success'
    ? [green('right: the database gives the same answer when asked directly')]
    : [green(`right: it had to end with ${run.program.expect}`)]
}

function logLines(logs: string[]): string[] {
  const cut = (line: string): string =>
    line.length > width - LABEL_WIDTH ? `${line.slice(0, width - LABEL_WIDTH - 3)}...` : line
  const shown = logs.slice(0, MOST_LOG_LINES).map(cut)
  const more = logs.length - shown.length
  return more > 0 ? [...shown, dim(`... and ${more} more`)] : shown
}

function dimBars(row: string): string {
  return row.replace(/\|(.*)\|/, (_, bar: string) => {
    const painted = bar.replace(/[-=#]+/g, (marks) => cyan(marks)).replace(/x/g, yellow('x'))
    return `${dim('|')}${painted}${dim('|')}`
  })
}

function milliseconds(time: number): string {
  return `${time.toFixed(time < 100 ? 1 : 0)} ms`
}

function gap(run: Run): string {
  return `${run.beat.longestGap.toFixed(1)} ms`
}
