/**
 * What tools are called in programs: identifiers, whatever their own names are.
 *
 * A driver is given whatever tools there are, by servers of others too: so two whose names come to the same
 * identifier are told apart, instead of failing every program.
 */
import { loadNative, type Native } from '../addon/native.js'
import { statusError } from '../addon/status.js'
import { describeValue } from '../base/errors.js'
import { jsonInLine } from '../base/terminal.js'

/**
 * The identifier that programs call a tool of this name by, as the tools of MCP servers are usually bound:
 * `-`, `.` and white space become `_`, what no ASCII identifier has is left out, a digit at the beginning
 * gets a `_` before it and a reserved word one after it. A name that is an identifier is its own.
 *
 * @throws TypeError for what no tool can be called: nothing, more than 256 bytes, a text with a NUL, a
 *   global of ECMAScript
 */
export function toolIdentifier(name: string): string {
  if (typeof name !== 'string') {
    throw new TypeError(`the name of a tool must be a string, got ${describeValue(name)}`)
  }
  const native = loadNative()
  const bound = native.toolBind(name)
  if (bound === '') {
    throw statusError(native, 'the name of a tool is wrong')
  }
  return bound
}

/** Kept, because a context is made for each execution, mostly with the same tools. */
const KEPT = 4096
const kept = new Map<string, string>()

/** By the rule; "" for what no tool can be called, which the addon refuses when the context is opened. */
function bind(native: Native, name: string): string {
  let bound = kept.get(name)
  if (bound === undefined) {
    bound = native.toolBind(name)
    if (kept.size >= KEPT) {
      kept.clear()
    }
    kept.set(name, bound)
  }
  return bound
}

/** `taken` with a number after it, from 2, that nobody has. */
class Numbers {
  readonly #next = new Map<string, number>()

  free(bound: string, taken: ReadonlySet<string>): string {
    let number = this.#next.get(bound) ?? 2
    while (taken.has(`${bound}_${number}`)) {
      number++
    }
    this.#next.set(bound, number + 1)
    return `${bound}_${number}`
  }
}

let hasWarned = false

function warn(name: string, binding: string): void {
  if (!hasWarned) {
    hasWarned = true
    process.emitWarning(
      `the tool ${jsonInLine(name)} is called ${binding} in programs, because another tool has the ` +
        'name that it would have; others like it are not told',
      { code: 'HUTCH_TOOL_NAME' },
    )
  }
}

/** What each of a driver's tools is called; empty: all of them as they are. Names that need no
 *  change keep theirs; of the others, the first one has its name by the rule, and later ones a
 *  number after it. */
export function bindTools(native: Native, names: readonly string[]): readonly string[] {
  const bindings = names.map((name) => bind(native, name))
  const taken = new Set(names.filter((name, i) => name === bindings[i]))
  if (taken.size === names.length) {
    return []
  }
  const numbers = new Numbers()
  names.forEach((name, i) => {
    const bound = bindings[i] as string
    if (bound !== name && bound !== '') {
      const binding = taken.has(bound) ? numbers.free(bound, taken) : bound
      if (binding !== bound) {
        warn(name, binding)
      }
      taken.add(binding)
      bindings[i] = binding
    }
  })
  return bindings
}
