/**
 * Errors: those that the package throws, and how a tool's error, which can be
 * anything at all, becomes the three texts that the guest sees.
 */
import type { FailedEvent, Failure } from './events.js'
import { readProperty } from './own.js'
import { inLine, jsonInLine } from './terminal.js'

/** Something of the host's failed: no process, no memory, a pool that has been closed. */
export class HutchError extends Error {
  override readonly name: string = 'HutchError'
  /** `HUTCH_` and the status of the C library in capitals: `HUTCH_UNAVAILABLE`, … */
  readonly code: string

  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

/** A program failed inside its context; `Context.run` rejects with it. */
export class RunError extends Error {
  override readonly name: string
  readonly failure: Failure
  /** Whether the context can run another program. */
  readonly usable: boolean
  /** The guest's `error.code`, or the option whose limit was met. */
  readonly code: string | undefined
  /** Position in the program, from 1. */
  readonly line: number | undefined
  readonly column: number | undefined
  /** The lines around the position, the line itself marked. */
  readonly excerpt: string | undefined

  constructor(event: FailedEvent) {
    super(event.message)
    this.name = event.name
    this.failure = event.failure
    this.usable = event.usable
    this.code = readProperty(event, 'code')
    this.line = readProperty(event, 'line')
    this.column = readProperty(event, 'column')
    this.excerpt = readProperty(event, 'excerpt')
    this.stack = stackOf(event)
  }
}

/** Name and message, then the frames of the caller's own code. */
export function stackOf(event: FailedEvent): string {
  const head = event.message === '' ? event.name : `${event.name}: ${event.message}`
  const stack = readProperty(event, 'stack')
  return stack === undefined ? head : `${head}\n${stack}`
}

/** The message, and below it where in the program that was: the place, then the lines. */
export function messageWithExcerpt(event: FailedEvent): string {
  const { message } = event
  const line = readProperty(event, 'line')
  const column = readProperty(event, 'column')
  const excerpt = readProperty(event, 'excerpt')
  if (line === undefined || excerpt === undefined) {
    return message
  }
  const place = column === undefined ? `${line}` : `${line}:${column}`
  return `${message}\n    at program.ts:${place}\n\n${excerpt.slice(0, -1)}`
}

/** The `code` of what the caller does at the wrong time. */
export const WRONG_STATE = 'HUTCH_WRONG_STATE'

/** A tool's failure as the guest gets it. */
export interface ToolFailure {
  readonly name: string
  readonly message: string
  /** Empty: none. */
  readonly code: string
  /** What is behind it, JSON as hutch_tool_failure has it. Empty: nothing. */
  readonly reasons: string
}

/** Describe whatever a tool threw. Never throws, whatever its getters do. */
export function describeFailure(error: unknown): ToolFailure {
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) {
    return { name: 'Error', message: printed(error), code: '', reasons: '' }
  }
  const name = property(error, 'name')
  const message = property(error, 'message')
  const code = property(error, 'code')
  return {
    name: typeof name === 'string' && typeof error === 'object' && name !== '' ? name : 'Error',
    message: typeof message === 'string' ? message : printed(error),
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : '',
    reasons: describeReasons(error),
  }
}

/** Most errors and values behind one failure that the guest is told of. */
const MAX_REASONS = 64
/** Most causes of causes, and errors within errors: HUTCH_TOOL_REASONS_DEPTH. */
const MAX_REASON_DEPTH = 8
/** Most characters of one text, or of the JSON of one value; a longer value is left out. */
const MAX_REASON_LENGTH = 16_384

type Reason = { error: object } | { value: unknown }

/** How much may still be told, and what is being told: an error that causes itself ends there. */
interface Telling {
  left: number
  readonly open: Set<object>
}

/** @returns JSON; empty when there is nothing behind the error */
function describeReasons(error: object): string {
  const reasons = reasonsOf(error, { left: MAX_REASONS, open: new Set() }, MAX_REASON_DEPTH)
  return Object.keys(reasons).length === 0 ? '' : JSON.stringify(reasons)
}

function reasonsOf(
  error: object,
  telling: Telling,
  depth: number,
): { cause?: Reason; errors?: Reason[] } {
  const cause = property(error, 'cause')
  const errors = property(error, 'errors')
  if (depth === 0 || telling.open.has(error)) {
    return {}
  }
  telling.open.add(error)
  const told = cause === undefined ? undefined : describeReason(cause, telling, depth)
  const list = listOf(errors)
    .slice(0, telling.left)
    .map((one) => describeReason(one, telling, depth))
  telling.open.delete(error)
  return {
    ...(told === undefined ? {} : { cause: told }),
    ...(list.length === 0 ? {} : { errors: list.filter((one) => one !== undefined) }),
  }
}

function listOf(value: unknown): unknown[] {
  try {
    return Array.isArray(value) ? Array.from({ length: value.length }, (_, i) => value[i]) : []
  } catch {
    return []
  }
}

function describeReason(reason: unknown, telling: Telling, depth: number): Reason | undefined {
  if (telling.left === 0 || (typeof reason === 'object' && telling.open.has(reason as object))) {
    return undefined
  }
  telling.left--
  return isError(reason) ? describeError(reason, telling, depth) : describePlain(reason)
}

/** Also one of another realm. */
function isError(value: unknown): value is object {
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
  } catch {
    return false
  }
}

function describeError(error: object, telling: Telling, depth: number): Reason {
  const texts = ['name', 'message', 'code'].map((key) => [key, property(error, key)] as const)
  const known = texts.filter(([, text]) => typeof text === 'string' || typeof text === 'number')
  return {
    error: {
      ...Object.fromEntries(known.map(([key, text]) => [key, shortened(String(text))])),
      ...reasonsOf(error, telling, depth - 1),
    },
  }
}

function describePlain(value: unknown): Reason | undefined {
  try {
    const json = JSON.stringify(value) as string | undefined
    return json !== undefined && json.length <= MAX_REASON_LENGTH
      ? { value: JSON.parse(json) as unknown }
      : undefined
  } catch {
    return { value: shortened(printed(value)) }
  }
}

function shortened(text: string): string {
  return text.length > MAX_REASON_LENGTH ? `${text.slice(0, MAX_REASON_LENGTH - 1)}…` : text
}

function property(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}

/** Objects as JSON where that says something: `[object Object]` helps nobody. */
function printed(value: unknown): string {
  try {
    const json = typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
    return json ?? String(value)
  } catch {
    return '[unprintable]'
  }
}

/** A value as a message about a bad argument names it: short, and never by running its code. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return jsonInLine(value.length > 40 ? `${value.slice(0, 40)}…` : value)
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object'
    case 'function':
      return 'a function'
    default:
      return inLine(String(value))
  }
}
