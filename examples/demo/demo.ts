/**
 * The main job on real input: TypeScript programs of the kind that models
 * write, run by TanStack AI's Code Mode with Hutch as its driver, with tools
 * over a database of 170,000 places. Ends with 1 when a program did not do
 * what it should, and with 2 when the command line is wrong.
 */

import { createIsolateDriver } from '@hutch/isolate/tanstack'
import type { CodeModeTool } from '@tanstack/ai-code-mode'
import { faultsOf } from './checks.ts'
import { ensureDatabase } from './database/build.ts'
import type { Options } from './options.ts'
import { helpText, parseOptions } from './options.ts'
import { databaseFile, programsFolder } from './paths.ts'
import { printProgram, printRun, printRunShortly, printSummary } from './print/report.ts'
import { dim, print, transient } from './print/terminal.ts'
import { LEGEND } from './print/timeline.ts'
import type { Program } from './program.ts'
import { loadPrograms } from './program.ts'
import { runProgram } from './run.ts'
import { createTools } from './tools.ts'

function runtimeName(): string {
  const { versions } = process as { versions: Record<string, string | undefined> }
  if (versions.bun !== undefined) return `Bun ${versions.bun}`
  if (versions.deno !== undefined) return `Deno ${versions.deno}`
  return `Node.js ${versions.node}`
}

async function runAll(programs: Program[], options: Options): Promise<boolean> {
  const { engine, database } = await ensureDatabase(databaseFile, transient)
  const places = database.get<{ count: number }>('SELECT count(*) AS count FROM place')?.count
  transient('')
  print(`${runtimeName()}, ${engine}, ${places} places, Code Mode with @hutch/isolate`)
  if (!options.short) print(dim(`Tool calls against time: ${LEGEND}.`))

  const driver = createIsolateDriver()
  const tools = createTools(database) as CodeModeTool[]
  const runs = []
  const faults: string[][] = []
  for (const [index, program] of programs.entries()) {
    if (!options.short) printProgram(program, index + 1, programs.length)
    const run = await runProgram(driver, tools, program)
    const found = faultsOf(run, database)
    if (options.short) printRunShortly(run, found)
    else printRun(run, found)
    runs.push(run)
    faults.push(found)
  }
  printSummary(runs, faults)
  database.close()
  return faults.every((found) => found.length === 0)
}

async function main(words: string[]): Promise<number> {
  const options = parseOptions(words)
  const programs = loadPrograms(programsFolder).filter(
    ({ name }) => options.only.length === 0 || options.only.some((word) => name.startsWith(word)),
  )
  if (programs.length === 0) throw new Error(`No program is called ${options.only.join(' or ')}`)
  if (options.help) {
    print(helpText())
    return 0
  }
  if (options.list) {
    for (const { name, title } of programs) print(`${name.padEnd(24)} ${title}`)
    return 0
  }
  return (await runAll(programs, options)) ? 0 : 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
