/**
 * The addon: its functions, as node/ defines them, and how it is found.
 *
 * The file lies beside the compiled package, so that nothing is built, chosen
 * or downloaded at run time. It is loaded when it is first needed, not when
 * the package is imported: a program may import it on a platform that has no
 * build and never use it there.
 */
import { createRequire } from 'node:module'

/** One row of the table in include/hutch/limits.h. */
export interface LimitRow {
  readonly option: string
  readonly unit: string
  readonly meaning: string
  readonly standard: number
  readonly minimum: number
  /** Infinity: there need be no limit. */
  readonly maximum: number
}

/** One row of the table in include/hutch/confinement.h. */
export interface LayerRow {
  readonly name: string
  readonly stops: string
  readonly bit: number
  /** 0 or 1. */
  readonly required: number
}

/** Why a source cannot be stripped of its types, and where. */
export interface StripProblem {
  readonly message: string
  readonly line: number
  readonly column: number
}

/** What a number of the addon says when there is none. */
export const NONE = 0xffffffff

/** Words of the header; the addon's addon.h. */
export const Header = {
  status: 0,
  clock: 1,
  events: 2,
  more: 3,
  batch: 4,
} as const

/** hutch_event_type. */
export const EventType = { toolCall: 1, log: 2, done: 3, failed: 4, waiting: 5 } as const

/** Elements of the settings behind the limits; the addon's settings.h. */
export const Setting = {
  console: 0,
  utcOffset: 1,
  trustDomain: 2,
  randomSeed: 3,
  time: 4,
  typescript: 5,
  hints: 6,
  recycle: 7,
} as const

/** hutch_status, as far as the package tells them apart. */
export const Status = { ok: 0, invalidArgument: 1, disposed: 4 } as const

/** Functions report how they ended in `header[Header.status]`. */
export interface Native {
  readonly version: string
  readonly header: Uint32Array
  readonly limits: readonly LimitRow[]
  readonly layers: readonly LayerRow[]
  readonly failures: readonly string[]
  readonly statuses: readonly string[]
  /** Length of the array of settings. */
  readonly settings: number
  lastError(): string
  poolCreate(
    onWake: () => void,
    workerPath: string,
    maxWorkers: number,
    maxIdle: number,
    spare: number,
    maxSpare: number,
    killGrace: number,
  ): number
  poolWarm(pool: number): void
  poolPoll(pool: number): number
  poolHold(pool: number, hold: number): void
  poolStats(pool: number): number[]
  poolConfinement(pool: number): number
  poolClose(pool: number): void
  contextOpen(pool: number, settings: Float64Array, names: string, count: number): number
  contextStart(context: number, code: string, timeout: number): string | undefined
  contextPump(context: number): string
  contextReply(context: number, call: number, json: string): void
  contextReject(context: number, call: number, name: string, message: string, code: string): void
  contextStop(context: number): void
  contextClose(context: number): void
  contextPid(context: number): number
  /** The lines around a place, each with a line feed; "" where there is no such line. */
  excerpt(code: string, line: number, column: number): string
  /** The source without its types; undefined: it has none; or what is wrong with it. */
  strip(source: string, isModule: boolean): string | StripProblem | undefined
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
    return createRequire(import.meta.url)('./hutch.node') as Native
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `@hutch/isolate could not load hutch.node on ${here} ` +
        `(builds exist for ${BUILDS.join(', ')}): ${reason}`,
      { cause },
    )
  }
}
