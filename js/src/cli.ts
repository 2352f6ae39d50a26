#!/usr/bin/env node
/**
 * The command `hutch` of the package: `hutch check`. All other commands are the
 * native program's.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { checkProgram, type Diagnostic } from './check.js'
import { loadNative } from './native.js'

/** As the native command ends: see `hutch help run`. */
const EXIT = { done: 0, program: 1, usage: 2, host: 4 } as const

const HELP = `Usage: hutch check [OPTION]... FILE

Type-checks a program against the declarations of its tools, without running it. A
program is the body of an async function. FILE is - for standard input.

TypeScript's compiler does the work: the package typescript must be installed.

Options:
  -t, --tools FILE        declarations of the tools, as Code Mode's system prompt
                          shows them to the model
      --timeout MS        longest time for the compiler (default: 30000)
      --json              print one JSON object with success and diagnostics
  -h, --help              show this help

Exit status:
  0    nothing is wrong with the program
  1    something is wrong with it
  2    the command line or a FILE is wrong
  4    this machine could not check the program

\`hutch run\`, \`hutch strip\` and \`hutch doctor\` are commands of the native program.
`

/** The command line is wrong. */
class Misuse extends Error {}

/** A text of the program's, with what a terminal would obey written out. */
function safe(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === '\n' ? character : `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  )
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new Misuse(`cannot read ${file}: ${error instanceof Error ? error.message : error}`)
  }
}

function parseCommandLine(words: string[]) {
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        tools: { type: 'string', short: 't' },
        timeout: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
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
    console.error(`${safe(name)}:${line}:${column}: error TS${diagnostic.code}: ${safe(message)}`)
    console.error(excerptOf(code, diagnostic))
  }
}

async function check(words: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(words)
  if (values.help === true) {
    process.stdout.write(HELP)
    return EXIT.done
  }
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) {
    throw new Misuse(
      file === undefined
        ? 'no program; expected a FILE, or - for standard input'
        : `unexpected argument '${others[0]}'; expected one FILE`,
    )
  }
  if (values.timeout !== undefined && !/^[1-9]\d{0,8}$/.test(values.timeout)) {
    throw new Misuse(`--timeout: '${values.timeout}' is no number of milliseconds from 1`)
  }
  const code = readText(file).replace(/^#!/, '//')
  const diagnostics = await checkProgram(code, {
    ...(values.tools !== undefined && { tools: readText(values.tools) }),
    ...(values.timeout !== undefined && { timeout: Number(values.timeout) }),
  })
  const success = diagnostics.length === 0
  if (values.json === true) {
    console.log(JSON.stringify({ success, diagnostics }))
  } else {
    print(file === '-' ? 'stdin' : file, code, diagnostics)
  }
  return success ? EXIT.done : EXIT.program
}

async function main([command, ...words]: string[]): Promise<number> {
  try {
    if (command === 'check') {
      return await check(words)
    }
    if (command === 'help' || command === '--help' || command === '-h') {
      process.stdout.write(HELP)
      return EXIT.done
    }
    throw new Misuse(`no command '${command ?? ''}' in the package, only 'check'`)
  } catch (error) {
    console.error(`hutch: ${safe(error instanceof Error ? error.message : String(error))}`)
    return error instanceof Misuse ? EXIT.usage : EXIT.host
  }
}

process.exitCode = await main(process.argv.slice(2))
