/**
 * @hutch/isolate: pools, contexts and events. The driver for TanStack AI is in
 * `@hutch/isolate/tanstack`.
 */

export type { IsolateOptions, LimitOptions, PoolOptions } from './addon/options.js'
export { HutchError, RunError } from './base/errors.js'
export type {
  DoneEvent,
  FailedEvent,
  Failure,
  HutchEvent,
  LogEvent,
  LogLevel,
  ToolCallEvent,
  WaitingEvent,
} from './base/events.js'
export type { ContextOptions, RunOptions, StartOptions } from './open/context.js'
export { Context } from './open/context.js'
export type { Confinement, ConfinementLayer, PoolStats } from './open/pool.js'
export { createPool, Pool } from './open/pool.js'
export type { ToolFunction } from './open/tools.js'
export { toolIdentifier } from './text/names.js'
