/**
 * The addon: its functions, as node/ defines them, and how it is found.
 *
 * The file lies beside the compiled entries, or in the package for this
 * platform, so that nothing is built or downloaded at run time. It is loaded
 * when it is first needed, not when the package is imported: a program may
 * import it on a platform that has no build and never use it there.
 */
import { createRequire } from 'node:module'

import { VERSION } from '../base/tables.js'
import { inLine } from '../base/terminal.js'
import { requireBuild } from './builds.cjs'
import { buildsHere, HERE, isNotFound, notBundled, notInstalled, otherVersion } from './platform.js'

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

let loaded: Native | undefined

/** The addon. Throws an Error that says what exists when there is none for this platform. */
export function loadNative(): Native {
  loaded ??= requireBeside() ?? requirePackage()
  return loaded
}

/** Of this file. Bundlers to CommonJS leave no import.meta.url, and have a file name instead. */
function requireFrom(name: string): unknown {
  return createRequire(import.meta.url ?? __filename)(name)
}

/** Whether a bundler has made this file a part of another. */
function isBundled(): boolean {
  return !/\/addon\/native\.js(\?.*)?$/.test(import.meta.url ?? '')
}

/** Beside the compiled entries, where a build from source has it, and beside one file that a bundler
 *  has made of the package. Not a plain `require`: bundlers would complain that there is no such file. */
function requireBeside(): Native | undefined {
  for (const file of ['./hutch.node', '../hutch.node']) {
    try {
      return requireFrom(file) as Native
    } catch (error) {
      if (!isNotFound(error)) {
        throw notLoaded(file, error)
      }
    }
  }
  return undefined
}

function requirePackage(): Native {
  const builds = buildsHere()
  const failures: unknown[] = []
  for (const { name } of builds) {
    try {
      const native = requireBuilt(name)
      if (native !== undefined) {
        return checkVersion(name, native)
      }
    } catch (error) {
      failures.push(error)
    }
  }
  throw failures[0] ?? new Error(isBundled() ? notBundled(builds) : notInstalled(builds))
}

/** undefined: it is not there, nor where a bundler says that it has put it. */
function requireBuilt(name: string): Native | undefined {
  const { found, failed } = requireBuild(name)
  try {
    if (found === undefined) {
      throw failed
    }
    return fromBundler(found)
  } catch (error) {
    if (isNotFound(error)) {
      return undefined
    }
    throw notLoaded(name, error)
  }
}

/** What a bundler makes of the addon is its path, beside the bundle, where it copies files. */
function fromBundler(found: unknown): Native {
  return (typeof found === 'string' ? requireFrom(found) : found) as Native
}

/** A copy beside is of the same build; a package may have been brought up to date alone. */
function checkVersion(name: string, native: Native): Native {
  if (native.version !== VERSION) {
    throw new Error(otherVersion(name, native.version))
  }
  return native
}

function notLoaded(what: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new Error(`@hutch/isolate could not load ${what} on ${HERE}: ${inLine(reason)}`, { cause })
}
