/**
 * @hutch/isolate: pools, contexts and events. The driver for TanStack AI is in
 * `@hutch/isolate/tanstack`.
 */

export type { ContextOptions, RunOptions, StartOptions, ToolFunction } from './context.js'
export { Context } from './context.js'
export { HutchError, RunError } from './errors.js'
export type {
  DoneEvent,
  FailedEvent,
  Failure,
  HutchEvent,
  LogEvent,
  LogLevel,
  ToolCallEvent,
  WaitingEvent,
} from './events.js'
export type { IsolateOptions, LimitOptions } from './options.js'
export type { Confinement, ConfinementLayer, PoolOptions, PoolStats } from './pool.js'
export { createPool, Pool } from './pool.js'
