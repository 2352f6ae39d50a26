/**
 * TypeScript to JavaScript without moving a character.
 * The drivers do this by themselves; this is for those who want the JavaScript.
 */

import { loadNative } from '../addon/native.js'
import { namesOf, ownOption, readOptions } from '../addon/options.js'
import { describeValue } from '../base/errors.js'

export interface StripOptions {
  /** Whether the source is a file with `import` and `export`, or (default) a program: the body of
   *  an async function. */
  module?: boolean
}

const OPTION_NAMES = namesOf<StripOptions>({ module: true })

/** A source that cannot be stripped of its types. */
export class StripError extends SyntaxError {
  override readonly name: string = 'SyntaxError'
  /** From 1; the column in UTF-16 units. */
  readonly line: number
  readonly column: number
  /** The lines around the position, the line itself marked. */
  readonly excerpt: string

  constructor(message: string, line: number, column: number, excerpt: string) {
    super(message)
    this.line = line
    this.column = column
    this.excerpt = excerpt
  }
}

/**
 * Blank the types of a source. Every token that remains keeps its line and column.
 *
 * @returns the JavaScript; the source itself where it has no types
 * @throws StripError, a SyntaxError, where the source is neither TypeScript nor JavaScript
 */
export function stripTypes(source: string, options: StripOptions = {}): string {
  if (typeof source !== 'string') {
    throw new TypeError(`source must be a string, got ${describeValue(source)}`)
  }
  const own = readOptions('the options of stripTypes', options, OPTION_NAMES)
  const native = loadNative()
  const stripped = native.strip(source, ownOption(own, 'module', 0) === 1)
  if (typeof stripped === 'object') {
    const { message, line, column } = stripped
    throw new StripError(message, line, column, native.excerpt(source, line, column))
  }
  return stripped ?? source
}
