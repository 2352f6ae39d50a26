/**
 * What a running program makes happen; the same events, with the same names,
 * as in C (include/hutch/event.h).
 */

import { FAILURES, LOG_LEVELS } from './tables.js'

/** Why a run failed: the failures of the C library, and the host's own. */
export type Failure =
  | (typeof FAILURES)[number]
  /** The context or its pool was closed. */
  | 'disposed'
  /** The host failed: no memory, no process. */
  | 'host'

export type LogLevel = (typeof LOG_LEVELS)[number]

/** The level of a number of the addon's. */
export function levelOf(number: number): LogLevel {
  const level = LOG_LEVELS[number]
  if (level === undefined) {
    throw new Error(`the addon sent a log entry of an unknown level: ${number}`)
  }
  return level
}

/** The failure of a number of the addon's. */
export function failureOf(number: number): Failure {
  const failure = FAILURES[number]
  if (failure === undefined) {
    throw new Error(`the addon sent a failure of an unknown kind: ${number}`)
  }
  return failure
}

/** The guest called a tool; answer it by its id. */
export interface ToolCallEvent {
  readonly type: 'tool_call'
  readonly id: number
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: what the program sent, which only the caller knows
  readonly input: any
}

/** The guest wrote to its console. */
export interface LogEvent {
  readonly type: 'log'
  readonly level: LogLevel
  readonly text: string
}

/** The run ended with a value. */
export interface DoneEvent {
  readonly type: 'done'
  readonly value: unknown
}

/** The run ended with an error. */
export interface FailedEvent {
  readonly type: 'failed'
  readonly failure: Failure
  /** Whether the context can run another program. */
  readonly usable: boolean
  readonly name: string
  readonly message: string
  /** Frames of the caller's code, one a line. */
  readonly stack?: string
  readonly code?: string
  /** Position in the caller's code, from 1. */
  readonly line?: number
  readonly column?: number
  /** The lines around the position, the line itself marked, each with a line feed. */
  readonly excerpt?: string
}

/** Nothing moves until a tool call is answered. */
export interface WaitingEvent {
  readonly type: 'waiting'
}

export type HutchEvent = ToolCallEvent | LogEvent | DoneEvent | FailedEvent | WaitingEvent

/** A failure that the package itself found; the context is lost with it, unless it says otherwise. */
export function hostFailure(failure: Failure, name: string, message: string): FailedEvent {
  return { type: 'failed', failure, usable: false, name, message }
}

/** What a context that has been closed says. */
export function disposedFailure(): FailedEvent {
  return hostFailure('disposed', 'DisposedError', 'Context has been disposed')
}

/** A worker sent what ours never sends. @param what names it */
export function violation(what: string): FailedEvent {
  return hostFailure('sandbox_violation', 'SandboxViolationError', `The worker sent ${what}`)
}
