/**
 * The tools of a low-level context: names, and functions that answer them.
 */
import { describeValue } from '../base/errors.js'
import { inLine } from '../base/terminal.js'

/** Answers a tool call of the guest. The input is a value, or JSON with `values: 'text'`. What it
 *  returns crosses as JSON; what it throws is an Error inside, with its name, message, code, `cause`
 *  and `errors`. */
// biome-ignore lint/suspicious/noExplicitAny: so that functions fit which say what input they take
export type ToolFunction = (input: any) => unknown

/** Functions by the name of the tool that they answer. */
export type ToolFunctions = ReadonlyMap<string, ToolFunction>

export interface Tools {
  readonly names: readonly string[]
  readonly functions: ToolFunctions
}

const NO_FUNCTIONS: ToolFunctions = new Map()

/** The own enumerable properties of a record, each read once. */
function readFunctions(record: object): ToolFunctions {
  const functions = new Map<string, ToolFunction>(Object.entries(record))
  for (const [name, answer] of functions) {
    if (typeof answer !== 'function') {
      throw new TypeError(`tools.${inLine(name)} must be a function, got ${describeValue(answer)}`)
    }
  }
  return functions
}

/** What a context is opened with. Throws a TypeError where it is neither names nor functions. */
export function readTools(tools: unknown): Tools {
  if (tools === undefined) {
    return { names: [], functions: NO_FUNCTIONS }
  }
  if (typeof tools !== 'object' || tools === null) {
    throw new TypeError(`tools must be names or functions, got ${describeValue(tools)}`)
  }
  if (!Array.isArray(tools)) {
    const functions = readFunctions(tools)
    return { names: [...functions.keys()], functions }
  }
  const names: unknown[] = [...tools]
  for (const name of names) {
    if (typeof name !== 'string') {
      throw new TypeError(`tools must be names or functions, got ${describeValue(name)}`)
    }
  }
  return { names: names as string[], functions: NO_FUNCTIONS }
}

/** The functions for one run: its own go before those of the context. */
export function readRunTools(tools: unknown, { names, functions }: Tools): ToolFunctions {
  if (tools === undefined) {
    return functions
  }
  if (typeof tools !== 'object' || tools === null) {
    throw new TypeError(`tools must be functions by name, got ${describeValue(tools)}`)
  }
  const own = readFunctions(tools)
  for (const name of own.keys()) {
    if (!names.includes(name)) {
      throw new TypeError(
        `tools.${inLine(name)} is none of the context's tools (${inLine(names.join(', '))})`,
      )
    }
  }
  return new Map([...functions, ...own])
}
