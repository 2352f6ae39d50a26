/**
 * Type-checks a program against the declarations of its tools before it is run,
 * with TypeScript's own compiler. That is a peer dependency of the package,
 * looked for when it is needed.
 */

import { loadNative, type StripProblem, type Unwrapped } from '../addon/native.js'
import { namesOf, ownOption, readOptions } from '../addon/options.js'
import { describeValue } from '../base/errors.js'
import { inLines } from '../base/terminal.js'
import { hideAbsentMembers, isAbsentMember, tellAbsence } from './absence.js'
import { type CompilerMessage, compile } from './compiler.js'
import { bindDeclarations } from './declarations.js'
import type { Diagnostic } from './diagnostic.js'
import { ABSENT_DECLARATIONS, REALM_DECLARATIONS } from './realm.js'

export interface CheckOptions {
  /** Declarations of the tools: what Code Mode's system prompt shows the model, for instance, or a
   *  .d.ts file. Names that are no identifiers are read as what programs call them. Default: none. */
  tools?: string
  /** Longest time for the compiler in ms. Default 30000. */
  timeout?: number
  /** 'unwrap': a program in a wrapping is read as `createIsolateDriver` and `hutch run` read it; 'as-is': as
   *  it stands. Default 'unwrap'. */
  wrapping?: 'as-is' | 'unwrap'
}

const OPTION_NAMES = namesOf<CheckOptions>({ tools: true, timeout: true, wrapping: true })

/** A function around the program, which is the body of one; a line of its own in front. */
const PREFIX = `${ABSENT_DECLARATIONS}export default async function () {`
const SUFFIX = '\n}\n'

const FILES = {
  program: 'program.ts',
  tools: 'tools.d.ts',
  realm: 'realm.d.ts',
} as const

/** What keeps the first value of a chain when a program is unwrapped (src/strip/wrapping.c): its
 *  types are not the program's. */
const FIRST_OF_CHAIN = '.then(_=>__hutch=_)'
const FENCE = /^[ \t]*(?:```|~~~)/m
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/

/** "… expected". */
const SYNTAX = 1005
/** "Modifiers cannot appear here": `declare` may, as the stripper takes it away. */
const MODIFIER = 1184
/** "A namespace declaration is only allowed at the top level": a program is one. */
const NAMESPACE = 1235

/**
 * Type-check a program.
 *
 * The program is not run, but it is read by a compiler that is not confined; a hostile one can make
 * it work until the timeout.
 *
 * @returns what is wrong with it, in the order of the places; empty: nothing
 * @throws TypeError or RangeError for arguments; an Error when TypeScript is not installed, or when
 * the declarations of the tools are wrong themselves
 */
export async function checkProgram(
  code: string,
  options: CheckOptions = {},
): Promise<Diagnostic[]> {
  if (typeof code !== 'string') {
    throw new TypeError(`code must be a string, got ${describeValue(code)}`)
  }
  const own = readOptions('the options of checkProgram', options, OPTION_NAMES)
  const { tools = '', wrapping = 'unwrap' } = own
  if (typeof tools !== 'string') {
    throw new TypeError(`tools must be a string of declarations, got ${describeValue(tools)}`)
  }
  if (wrapping !== 'unwrap' && wrapping !== 'as-is') {
    throw new TypeError(`wrapping must be 'unwrap' or 'as-is', got ${describeValue(wrapping)}`)
  }
  const timeout = ownOption(own, 'timeout', 30_000)
  const unwrapped = wrapping === 'unwrap' ? loadNative().unwrap(code) : undefined
  const problem =
    unwrapped === undefined
      ? loadNative().strip(code, false)
      : isProblem(unwrapped)
        ? unwrapped
        : undefined
  const { text, head, moves } =
    unwrapped === undefined || isProblem(unwrapped)
      ? { text: code, head: '', moves: [] }
      : unwrapped
  const messages = await compile(
    {
      [FILES.realm]: REALM_DECLARATIONS,
      [FILES.tools]: bindDeclarations(loadNative(), tools),
      [FILES.program]: `${PREFIX}${head}\n${hideAbsentMembers(text.replace(FIRST_OF_CHAIN, blanks))}${SUFFIX}`,
    },
    timeout,
    isAbsentMember,
  )
  const lines = code.split(LINE_BREAK)
  const found = messages
    .filter((message) => message.file === FILES.program)
    .map((message) => atProgram(moveBack(message, text, moves), lines))
    .filter((diagnostic) => !isAllowed(diagnostic, lines))
    .flatMap((diagnostic) => tellAbsence(diagnostic, code))
  // The compiler would take a program that closes the function around it; it is none to the isolate.
  if (typeof problem === 'object' && problem !== null) {
    const { line, column, message } = problem
    // In a fence the compiler has read the fence.
    return found.length > 0 && !FENCE.test(code) ? found : [{ line, column, code: SYNTAX, message }]
  }
  refuseBadTools(messages)
  return found
}

function refuseBadTools(messages: readonly CompilerMessage[]): void {
  const bad = messages.find(({ file }) => file !== FILES.program)
  if (bad !== undefined) {
    const place = `${bad.file}:${bad.line}:${bad.column}`
    throw new Error(`The declarations of the tools are wrong: ${place}: ${inLines(bad.message)}`)
  }
}

function blanks(text: string): string {
  return ' '.repeat(text.length)
}

function isProblem(found: Unwrapped | StripProblem): found is StripProblem {
  return 'message' in found
}

/** A place in the text that was unwrapped, as one of the caller's. */
function moveBack(
  message: CompilerMessage,
  text: string,
  moves: readonly number[],
): CompilerMessage {
  let column = message.column
  for (let i = 0; i < moves.length; i += 2) {
    const [offset = 0, length = 0] = moves.slice(i, i + 2)
    const before = text.slice(0, offset).split(LINE_BREAK)
    const from = (before.at(-1)?.length ?? 0) + 1
    // A line is before the first one.
    if (before.length + 1 === message.line && message.column > from) {
      column -= Math.min(length, message.column - from)
    }
  }
  return {
    ...message,
    column,
  }
}

/** What the compiler says of the end of the function is about the end of the program. */
function atProgram(
  { line, column, code, message }: CompilerMessage,
  lines: readonly string[],
): Diagnostic {
  return line - 1 <= lines.length
    ? { line: line - 1, column, code, message }
    : { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, code, message }
}

function isAllowed({ line, column, code }: Diagnostic, lines: readonly string[]): boolean {
  const rest = lines[line - 1]?.slice(column - 1) ?? ''
  return code === NAMESPACE || (code === MODIFIER && /^declare\b/.test(rest))
}
