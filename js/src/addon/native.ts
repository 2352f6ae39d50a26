/**
 * The addon: its functions, as node/ defines them, and how it is found.
 *
 * The file lies beside the compiled entries, so that nothing is built, chosen
 * or downloaded at run time. It is loaded when it is first needed, not when
 * the package is imported: a program may import it on a platform that has no
 * build and never use it there.
 */
import { createRequire } from 'node:module'

import { inLine } from '../base/terminal.js'

/** Why a source cannot be stripped of its types, and where. */
export interface StripProblem {
  readonly message: string
  readonly line: number
  readonly column: number
}

/** A program without its wrapping, types and all. */
export interface Unwrapped {
  readonly text: string
  /** For a line of its own before the text; may be empty. */
  readonly head: string
  /** What the source has not: offset and length in UTF-16 units, one after the other. */
  readonly moves: readonly number[]
}

/** A number for one of the names of a table of base/tables.ts. */
export type NumberOf<Table> = Table[keyof Table]

/** The addon has said a number that this package has no name for, so it is of another version. All
 *  cases that it can be are named before this is reached: the compiler sees to it. */
export function unknownNumber(what: string, number: never): never {
  throw new Error(`the addon sent ${what} of an unknown kind: ${number}`)
}

/** There may be something to read: in this context, or in some. */
export type OnWake = (context?: number) => void

/** Functions report how they ended in `header[Header.status]`. */
export interface Native {
  readonly version: string
  readonly header: Uint32Array
  lastError(): string
  /** Functions about pools take the number of a hub: a pool as this copy of the package sees it. Its
   *  `onWake` is held weakly but for the time of poolHold(hub, 1), and the hub is closed when it
   *  has been collected. It is called with the number of a context that has news, or without: then
   *  poolPoll() tells. */
  poolCreate(onWake: OnWake, workerPath: string, settings: Float64Array): number
  /** A hub of the one pool that the drivers of all copies of the package share. */
  poolShare(onWake: OnWake): number
  /** A trust domain that nobody else has, of whatever copy of the package; below 0. */
  domainNew(): number
  poolWarm(pool: number): void
  poolPoll(pool: number): number
  poolHold(pool: number, hold: number): void
  poolStats(pool: number): number[]
  poolConfinement(pool: number): number
  poolClose(pool: number): void
  /** Names and bindings are joined by NULs; bindings may be "", which is those of the rule. */
  contextOpen(
    pool: number,
    settings: Float64Array,
    names: string,
    count: number,
    bindings: string,
  ): number
  contextStart(context: number, code: string, timeout: number): string | undefined
  contextPump(context: number): string
  /** As contextPump, without looking for what is not there yet: after Header.more said More.later. */
  contextListen(context: number): string
  /** A piece of the JSON of the last event, which had IN_PIECES for its length. */
  contextPiece(context: number, asText: number): string
  contextReply(context: number, call: number, json: string): void
  /** Both, in one crossing; undefined: there was no reply, and the status says why. */
  contextReplyAndPump(context: number, call: number, json: string): string | undefined
  contextReject(
    context: number,
    call: number,
    name: string,
    message: string,
    code: string,
    reasons: string,
  ): void
  contextStop(context: number): void
  contextClose(context: number): void
  contextPid(context: number): number
  /** Whether the run ends soon, whatever its guest does: 0 or 1. */
  contextIsEnding(context: number): number
  /** The lines around a place, each with a line feed; "" where there is no such line. */
  excerpt(code: string, line: number, column: number): string
  /** The source without its types; undefined: it has none; or what is wrong with it. */
  strip(source: string, isModule: boolean): string | StripProblem | undefined
  /** What a tool of this name is called in programs; "" with a status: it can have none. */
  toolBind(name: string): string
  /** The program without its wrapping; undefined: it has none; or what is wrong with it. */
  unwrap(source: string): Unwrapped | StripProblem | undefined
}

const BUILDS = ['linux x64 (glibc)']

let loaded: Native | undefined

/** The addon. Throws an Error that says what exists when there is none for this platform. */
export function loadNative(): Native {
  loaded ??= requireNative()
  return loaded
}

function requireNative(): Native {
  const here = `${process.platform} ${process.arch}`
  if (here !== 'linux x64') {
    throw new Error(
      `@hutch/isolate has no build for ${here}; builds exist for ${BUILDS.join(', ')}`,
    )
  }
  try {
    return requireFile()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `@hutch/isolate could not load hutch.node on ${here} ` +
        `(builds exist for ${BUILDS.join(', ')}): ${inLine(reason)}`,
      { cause },
    )
  }
}

/** Where a bundler has made one file of the package, the addon lies beside that instead. */
function requireFile(): Native {
  const require = createRequire(import.meta.url)
  try {
    return require('./hutch.node') as Native
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') {
      throw error
    }
    return require('../hutch.node') as Native
  }
}
