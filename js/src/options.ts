/**
 * Options: which there are, what each of them takes, and the array of settings
 * that the addon takes them in. Names, defaults and ranges of the limits come
 * from the C library's table.
 */
import { describeValue } from './errors.js'
import { type LimitRow, type Native, Setting } from './native.js'

/** The limits of a context. docs/javascript.md has the table. */
export interface LimitOptions {
  /** Wall-clock time of a run in ms, waiting for tools included. Default 30000. */
  timeout?: number
  /** Processor time of a run in ms. Default: Infinity. */
  cpuTime?: number
  /** Heap of the guest in MB (2^20 bytes; fractions are fine). Default 128. */
  memoryLimit?: number
  /** Native stack of the guest in bytes. Default 524288. */
  maxStackSize?: number
  /** Tool calls of a run. Default 1000. */
  maxToolCalls?: number
  /** Tool calls without an answer at any moment. Default 4096. */
  maxOpenToolCalls?: number
  /** Console entries of a run. Default 10000. */
  maxLogEntries?: number
  /** Console text of a run in UTF-16 units. Default 1000000. */
  maxLogLength?: number
  /** Program text in bytes of UTF-8. Default 4 MiB. */
  maxCodeSize?: number
  /** JSON of one tool call's input in bytes. Default 32 MiB. */
  maxToolInputSize?: number
  /** JSON of one tool's result in bytes. Default 1 GiB. */
  maxToolResultSize?: number
  /** JSON of a run's result in bytes. Default 64 MiB. */
  maxResultSize?: number
}

/** What a context can be opened with. */
export interface IsolateOptions extends LimitOptions {
  /** How console prints values: `{ a: 1 }`, or `[object Object]` as String() does. */
  console?: 'inspect' | 'string'
  /** The guest's time zone: minutes east of UTC, -1439 to 1439. Default 0. */
  utcOffset?: number
  /** Seed of Math.random, a whole number from 0. Default: a new one for each context. */
  randomSeed?: number
  /** What Date.now() always says, ms since 1970. Default: the system's clock. */
  fixedTime?: number
  /** Programs are TypeScript or JavaScript (default true), or JavaScript as it stands. */
  typescript?: boolean
  /** Whether the message of an uncaught ReferenceError goes on with the tools that the program may
   *  have meant, or with what to do without a missing global. Default true. */
  hints?: boolean
  /** What becomes of the worker process afterwards: 'reset' wipes it for the next context of the same
   *  trust domain; 'process' ends it, and the context gets one that has served nobody. Default
   *  'reset'. */
  recycle?: 'reset' | 'process'
}

const MEBIBYTE = 1024 * 1024

/** memoryLimit is the one limit whose unit differs in JavaScript. */
function scaleOf(row: LimitRow): number {
  return row.option === 'memoryLimit' ? MEBIBYTE : 1
}

/** Throws unless `value` is a number in the row's range. Returns what the addon takes. */
export function checkLimit(row: LimitRow, value: unknown): number {
  const scale = scaleOf(row)
  if (typeof value === 'number') {
    const inner = value * scale
    const whole = scale !== 1 || Number.isInteger(value) || value === Infinity
    if (whole && inner >= row.minimum && inner <= row.maximum) {
      return Math.floor(inner)
    }
  }
  const kind = scale === 1 ? `a whole number of ${row.unit}` : 'a number of MB'
  const range = `from ${row.minimum / scale} to ${row.maximum / scale}`
  const expected = `${row.option} must be ${kind} ${range}, got ${describeValue(value)}`
  throw typeof value === 'number' ? new RangeError(expected) : new TypeError(expected)
}

function checkWhole(name: string, value: unknown, minimum: number, maximum: number): number {
  const expected =
    `${name} must be a whole number from ${minimum} to ${maximum}, ` + `got ${describeValue(value)}`
  if (typeof value !== 'number') {
    throw new TypeError(expected)
  }
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RangeError(expected)
  }
  return value
}

/** A whole number, or `standard` where the option was not given. */
export function wholeOption(
  options: object,
  name: string,
  standard: number,
  minimum: number,
  maximum: number,
): number {
  const value = (options as Record<string, unknown>)[name]
  return value === undefined ? standard : checkWhole(name, value, minimum, maximum)
}

/** Throws unless `options` is an object without names that nobody knows. */
export function checkNames(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${what} must be an object, got ${describeValue(options)}`)
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new TypeError(
        `${what} has no option ${JSON.stringify(name)}; it has ${known.join(', ')}`,
      )
    }
  }
}

const OTHER_OPTIONS = [
  'console',
  'utcOffset',
  'randomSeed',
  'fixedTime',
  'recycle',
  'typescript',
  'hints',
] as const

/** Names of all options of a context. */
export function isolateOptionNames(native: Native): string[] {
  return [...native.limits.map((row) => row.option), ...OTHER_OPTIONS]
}

/** The place of an option's value among its choices, of which the first is the default. */
function choiceOption(options: object, name: string, choices: readonly [string, string]): number {
  const given = (options as Record<string, unknown>)[name]
  const value = given === undefined ? choices[0] : given
  const expected = `${name} must be "${choices[0]}" or "${choices[1]}", got ${describeValue(value)}`
  if (typeof value !== 'string') {
    throw new TypeError(expected)
  }
  const place = choices.indexOf(value)
  if (place < 0) {
    throw new RangeError(expected)
  }
  return place
}

/** A boolean, or `standard` where the option was not given. */
export function flagOption(options: object, name: string, standard: boolean): boolean {
  const value = (options as Record<string, unknown>)[name]
  if (value !== undefined && typeof value !== 'boolean') {
    throw new TypeError(`${name} must be true or false, got ${describeValue(value)}`)
  }
  return value ?? standard
}

/** The array that opens contexts with these options, which have been checked for their names. */
export function settingsOf(
  native: Native,
  options: IsolateOptions,
  trustDomain: number,
): Float64Array {
  const settings = new Float64Array(native.settings)
  const others = native.limits.length
  native.limits.forEach((row, index) => {
    const value = options[row.option as keyof LimitOptions]
    settings[index] = value === undefined ? row.standard : checkLimit(row, value)
  })
  settings[others + Setting.console] = choiceOption(options, 'console', ['inspect', 'string'])
  settings[others + Setting.utcOffset] = wholeOption(options, 'utcOffset', 0, -1439, 1439)
  settings[others + Setting.trustDomain] = trustDomain
  settings[others + Setting.randomSeed] = wholeOption(
    options,
    'randomSeed',
    Number.NaN,
    0,
    Number.MAX_SAFE_INTEGER,
  )
  settings[others + Setting.recycle] = choiceOption(options, 'recycle', ['reset', 'process'])
  settings[others + Setting.typescript] = Number(flagOption(options, 'typescript', true))
  settings[others + Setting.hints] = Number(flagOption(options, 'hints', true))
  settings[others + Setting.time] = wholeOption(options, 'fixedTime', Number.NaN, -8.64e15, 8.64e15)
  return settings
}

/** Where a limit stands in the settings. */
export function limitIndex(native: Native, option: keyof LimitOptions): number {
  return native.limits.findIndex((row) => row.option === option)
}
