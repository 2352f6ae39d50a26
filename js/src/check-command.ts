/**
 * What the command `hutch check` does, once it has read its command line
 * (cli/check.c): this is the script that it runs.
 *
 * Usage: check-command.js [--json] [--tools FILE] [--timeout MS] -- FILE
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadNative } from './addon/native.js'
import { inLine, inLines, jsonInLine } from './base/terminal.js'
import { checkProgram, type Diagnostic } from './check.js'

/** As the command ends: see `hutch help check`. */
const EXIT = { done: 0, program: 1, usage: 2, host: 4 } as const

/** The command line, or a file that it names, is wrong. */
class Misuse extends Error {}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new Misuse(
      `cannot read ${inLine(file)}: ${inLine(error instanceof Error ? error.message : String(error))}`,
    )
  }
}

function parseCommandLine(words: string[]) {
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        tools: { type: 'string' },
        timeout: { type: 'string' },
        json: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error))
  }
}

/** The lines around a place; none where the addon does not run. */
function excerptOf(code: string, { line, column }: Diagnostic): string {
  try {
    return loadNative().excerpt(code, line, column).replace(/^/gm, '  ').trimEnd()
  } catch {
    return ''
  }
}

function print(name: string, code: string, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    const { line, column, message } = diagnostic
    console.error(
      `${inLine(name)}:${line}:${column}: error TS${diagnostic.code}: ${inLines(message)}`,
    )
    console.error(excerptOf(code, diagnostic))
  }
}

async function check(words: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(words)
  const [file] = positionals
  if (file === undefined) {
    throw new Misuse('no program; expected a FILE, or - for standard input')
  }
  const code = readText(file).replace(/^(\ufeff?)#!/, '$1//')
  const diagnostics = await checkProgram(code, {
    ...(values.tools !== undefined && { tools: readText(values.tools) }),
    ...(values.timeout !== undefined && { timeout: Number(values.timeout) }),
  })
  const success = diagnostics.length === 0
  if (values.json === true) {
    console.log(jsonInLine({ success, diagnostics }))
  } else {
    print(file === '-' ? 'stdin' : file, code, diagnostics)
  }
  return success ? EXIT.done : EXIT.program
}

async function main(words: string[]): Promise<number> {
  try {
    return await check(words)
  } catch (error) {
    console.error(`hutch: ${inLines(error instanceof Error ? error.message : String(error))}`)
    return error instanceof Misuse ? EXIT.usage : EXIT.host
  }
}

process.exitCode = await main(process.argv.slice(2))
