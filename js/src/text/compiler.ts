/**
 * TypeScript's own compiler, as a process: its command line is the interface
 * that all its versions share, and that every runtime can use. It is looked for
 * when it is needed; the package does without it otherwise.
 */
import {
  type ChildProcess,
  type SpawnOptionsWithStdioTuple,
  type StdioNull,
  type StdioPipe,
  spawn,
} from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { bare } from '../base/own.js'
import { inLine, inLines } from '../base/terminal.js'

/** What the compiler said of a place in a file. */
export interface CompilerMessage {
  readonly file: string
  /** From 1; the column in UTF-16 units. */
  readonly line: number
  readonly column: number
  /** Without the letters TS. */
  readonly code: number
  readonly message: string
}

type Options = SpawnOptionsWithStdioTuple<StdioNull, StdioPipe, StdioPipe>

/** In the environment of the compiler. */
const CHECKING = 'HUTCH_CHECKING'

/** Longest output of the compiler that is read, in UTF-16 units. */
const OUTPUT_MAX = 16 * 1024 * 1024
/** `file(line,column): error TS1234: message` */
const MESSAGE = /^(.+?)\((\d+),(\d+)\): error TS(\d+): (.*)$/
/** The exit codes of a compiler that has done its work. */
const EXITS = [0, 1, 2]

/** No modules, no declarations of other packages, nothing of a browser's. */
const COMPILER_OPTIONS = {
  target: 'esnext',
  lib: ['esnext'],
  module: 'esnext',
  moduleDetection: 'force',
  noResolve: true,
  types: [],
  // What a program says without types is fine. But it is not told so by noImplicitAny: without that, an empty
  // array is one of never, and what begins as null stays null. Its complaints are dropped instead.
  strict: true,
  noImplicitThis: false,
  useUnknownInCatchVariables: false,
  // The declarations of the tools are checked as well.
  skipDefaultLibCheck: true,
  noEmit: true,
}

/** Whether a message is that something has the type any because nobody has said another: those of
 *  noImplicitAny are all in this range, between them four of other options. */
function isImplicitAny({ code }: CompilerMessage): boolean {
  return code >= 7005 && code <= 7057 && !(code >= 7027 && code <= 7030)
}

/** Path of the compiler's program. Throws an Error that says what to install. */
function findCompiler(): string {
  // Beside this package, or beside the program that is run.
  for (const base of [import.meta.url, join(process.cwd(), 'package.json')]) {
    let manifest: string
    try {
      manifest = createRequire(base).resolve('typescript/package.json')
    } catch {
      continue
    }
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin?: { tsc?: string } }
    if (bin?.tsc !== undefined) {
      return join(dirname(manifest), bin.tsc)
    }
  }
  throw new Error(
    'Checking programs needs the package typescript (5.0 or later), which is not installed; ' +
      'install it with: npm install --save-dev typescript',
  )
}

/**
 * Check files, given as name and content, as one project.
 *
 * @param isKept  which of the complaints of noImplicitAny are told all the same
 * @throws an Error when there is no compiler, when it fails, or needs more than `timeout` ms
 */
export async function compile(
  files: Readonly<Record<string, string>>,
  timeout: number,
  isKept: (message: CompilerMessage) => boolean,
): Promise<CompilerMessage[]> {
  const compiler = findCompiler()
  const folder = await mkdtemp(join(tmpdir(), 'hutch-check-'))
  try {
    const config = { compilerOptions: COMPILER_OPTIONS, files: Object.keys(files) }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content)
    }
    const messages = parseOutput(await run(compiler, folder, timeout))
    return messages.filter((message) => !isImplicitAny(message) || isKept(message))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

/** The compiler's output. */
function run(compiler: string, folder: string, timeout: number): Promise<string> {
  if (process.env[CHECKING] !== undefined) {
    throw new Error(`${inLine(process.execPath)} does not run TypeScript's compiler, but itself`)
  }
  const flags = 'Deno' in globalThis ? ['run', '--allow-all', '--quiet'] : []
  const child = spawn(
    process.execPath,
    [...flags, compiler, '--project', folder, '--pretty', 'false'],
    bare<Options>({
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: TypeScript 7 is a launcher, and may have the compiler as its child.
      detached: true,
      // An executable that was compiled by Bun is Bun then; any other is the application itself.
      env: bare({ ...process.env, BUN_BE_BUN: '1', [CHECKING]: '1' }),
    }),
  )
  return new Promise((resolve, reject) => {
    let output = ''
    const timer = setTimeout(() => {
      killGroup(child)
      child.stdout.destroy()
      child.stderr.destroy()
      reject(new Error(`TypeScript's compiler needed more than ${timeout} ms`))
    }, timeout)
    const read = (text: string): void => {
      if (output.length < OUTPUT_MAX) {
        output += text
      }
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
    child.on('error', (cause) => {
      clearTimeout(timer)
      reject(
        new Error(`TypeScript's compiler could not be started: ${inLine(cause.message)}`, {
          cause,
        }),
      )
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      if (code === null || !EXITS.includes(code)) {
        reject(new Error(`TypeScript's compiler failed: ${inLines(output.slice(0, 1000).trim())}`))
      } else {
        resolve(output)
      }
    })
  })
}

/** Lines that are indented go on with the message above them. */
function parseOutput(output: string): CompilerMessage[] {
  const messages: { -readonly [key in keyof CompilerMessage]: CompilerMessage[key] }[] = []
  for (const line of output.split(/\r?\n/)) {
    const parts = MESSAGE.exec(line)
    const last = messages.at(-1)
    if (parts !== null) {
      const [, file = '', row, column, code, message = ''] = parts
      messages.push({
        file,
        line: Number(row),
        column: Number(column),
        code: Number(code),
        message,
      })
    } else if (line.startsWith(' ') && last !== undefined) {
      last.message += `\n${line}`
    } else if (line !== '') {
      // An error without a place is about the project, not about the program.
      throw new Error(`TypeScript's compiler said: ${inLine(line)}`)
    }
  }
  return messages
}
