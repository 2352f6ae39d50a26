/**
 * @hutch/isolate/strip: TypeScript to JavaScript without moving a character.
 */

export { StripError, type StripOptions, stripTypes } from './text/strip.js'
