/**
 * Declarations of tools as Code Mode's prompt has them, made readable for a compiler: Code Mode writes a
 * tool's own name, which need not be an identifier.
 */
import type { Native } from '../addon/native.js'
import { bindTools } from './names.js'

/** Lines with names that Code Mode has made of a tool's: its function, and the types of what it takes and
 *  returns. */
const HEADS = [/^declare function ([^(\n]+)\(/gm, /^interface ([^{\n]+?) \{$/gm] as const
const LINES = /^(?:declare function|interface) .*$/gm

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** What each name that is not an identifier is called instead. */
function findNames(native: Native, text: string, head: RegExp): [string, string][] {
  const names = [...new Set([...text.matchAll(head)].map((match) => match[1] as string))]
  return bindTools(native, names)
    .map((binding, i): [string, string] => [names[i] as string, binding])
    .filter(([name, binding]) => binding !== '' && binding !== name && !/<|\bextends\b/.test(name))
}

/** The declarations, each tool under the identifier that programs call it by. Lines keep their places. */
export function bindDeclarations(native: Native, text: string): string {
  const names = new Map(HEADS.flatMap((head) => findNames(native, text, head)))
  if (names.size === 0) {
    return text
  }
  const choices = [...names.keys()].sort((a, b) => b.length - a.length).map(escapeRegExp)
  const whole = new RegExp(`(?<=[ (<])(?:${choices.join('|')})(?=[ (>)])`, 'g')
  return text.replace(LINES, (line) => line.replace(whole, (name) => names.get(name) as string))
}
