/** What a check tells. */

/** What is wrong with a program, in the compiler's words, at the program's own place. */
export interface Diagnostic {
  /** From 1; the column in UTF-16 units. */
  readonly line: number
  readonly column: number
  /** The compiler's number for it, as in TS2322. */
  readonly code: number
  readonly message: string
}
