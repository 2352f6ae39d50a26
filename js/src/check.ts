/**
 * @hutch/isolate/check: type-checks a program before it is run.
 */

export { type CheckOptions, checkProgram, type Diagnostic } from './text/check.js'
