/**
 * Texts on their way to a terminal, or to somebody who reads them: what could be taken for something else is
 * written out.
 */
import { UNSAFE_CHARACTERS } from './tables.js'

const hex = (number: number): string => number.toString(16)

const ranges = UNSAFE_CHARACTERS.map(({ first, last }) => `\\u{${hex(first)}}-\\u{${hex(last)}}`)
const UNSAFE = new RegExp(`[${ranges.join('')}]`, 'gu')

/** `\x1b`, `\u{202e}`, as the command `hutch` writes a character out (cli/text.c). */
function escaped(character: string): string {
  const point = character.codePointAt(0) as number
  return point < 0x100 ? `\\x${hex(point).padStart(2, '0')}` : `\\u{${hex(point)}}`
}

/** A text in one line. */
export function inLine(text: string): string {
  return text.replace(UNSAFE, escaped)
}

/** A text whose line ends and tabs stay. */
export function inLines(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  )
}

/** `\u001b`, and two of them above U+FFFF. */
function escapedInJson(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${hex(character.charCodeAt(i)).padStart(4, '0')}`,
  ).join('')
}

/** The JSON of a value that has some, in one line. */
export function jsonInLine(value: unknown): string {
  return (JSON.stringify(value) as string).replace(UNSAFE, escapedInJson)
}
