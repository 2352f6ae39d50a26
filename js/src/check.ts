/**
 * @hutch/isolate/check: type-checks a program before it is run.
 */

export { type CheckOptions, checkProgram } from './text/check.js'
export type { Diagnostic } from './text/diagnostic.js'
