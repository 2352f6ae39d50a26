/**
 * Options: the types that users see, the checks, and the arrays of settings
 * that the addon takes them in. Which there are, with defaults and ranges, is in the
 * tables of the C headers. The functions here want copies, as own.ts makes them,
 * because they look names up as they are.
 */
import { describeValue } from '../base/errors.js'
import { readOwn } from '../base/own.js'
import {
  CONTEXT_OPTIONS,
  CONTEXT_STANDARDS,
  POOL_OPTIONS,
  POOL_STANDARDS,
  RUN_OPTIONS,
} from '../base/tables.js'
import { jsonInLine } from '../base/terminal.js'

/** The limits of a context. docs/javascript.md has the table. */
export interface LimitOptions {
  /** Wall-clock time of a run in ms, waiting for tools included. Default 30000. */
  timeout?: number
  /** Processor time of a run in ms. Default: Infinity. */
  cpuTime?: number
  /** Heap of the guest in MB (2^20 bytes; fractions are fine). Where the realm itself does not fit,
   *  the first run meets the limit. Default 128. */
  memoryLimit?: number
  /** Stack of the guest in bytes, in the measure of hosts whose engine is WebAssembly; the native
   *  one has eight times as much. Default 524288. */
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
  /** JSON of the inputs of all tool calls without an answer, in bytes; below maxToolInputSize it bounds
   *  each of them, too. Default 64 MiB. */
  maxOpenToolInputSize?: number
  /** Answers of tools that wait in the host until the guest takes them, in bytes; one always fits.
   *  Default 128 MiB. */
  maxQueuedToolResultSize?: number
  /** JSON of one tool's result in bytes. Default 1 GiB. */
  maxToolResultSize?: number
  /** JSON of a run's result in bytes. Default 64 MiB. */
  maxResultSize?: number
  /** Values (arrays, objects, strings, numbers, …) in one tool call's input. Default 2000000. */
  maxToolInputValues?: number
  /** JSON values of the inputs of all tool calls without an answer; below maxToolInputValues it bounds
   *  each of them, too. Default 4000000. */
  maxOpenToolInputValues?: number
  /** Values in a run's result. Default 2000000. */
  maxResultValues?: number
  /** Values that the console prints in a run. Default 2000000. */
  maxLogValues?: number
}

/** What a context can be opened with. */
export interface IsolateOptions extends LimitOptions {
  /** How console prints values: `{ a: 1 }`, or `[object Object]` as String() does. Default 'inspect';
   *  'string' in the drop-in. */
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
   *  have meant, or with what to do without a missing global. Default true; false in the drop-in. */
  hints?: boolean
  /** What becomes of the worker process afterwards: 'reset' wipes it for the next context of the same
   *  trust domain; 'process' ends it, and the context gets one that has served nobody. Default
   *  'reset'. */
  recycle?: 'reset' | 'process'
  /** What becomes of members `__proto__` in tool inputs and results, of which JSON.parse makes own
   *  properties that `Object.assign` takes for a prototype: 'drop' takes them out, 'keep' leaves them,
   *  'error' makes the call, or the run, fail with a TypeError of code `protoKeys`. Default 'drop';
   *  'keep' in the drop-in. */
  protoKeys?: 'drop' | 'keep' | 'error'
  /** What becomes of tool calls that are open when the program has returned, as nobody awaits them. Each is
   *  made and answered, whatever this says. 'wait': the run goes on until no call is open and no job is
   *  left, for at most `detachedTimeout`; its value is taken when the program returns. 'deliver': it ends,
   *  and what the answers would do does not happen. 'fail': it fails with a DetachedCallError. Default
   *  'wait'; 'deliver' in the drop-in. */
  detached?: 'wait' | 'deliver' | 'fail'
  /** How long a run waits for them in ms, within its `timeout`. 0 to 2147483647, default 5000. */
  detachedTimeout?: number
  /** What becomes of promises that were rejected and that nobody handles until the run ends: 'log', one line
   *  of the console each, at the level `error`; or 'ignore'. Default 'log'; 'ignore' in the drop-in. */
  unhandledRejections?: 'log' | 'ignore'
  /** Whether there is a global queueMicrotask(). Default true; false in the drop-in. */
  queueMicrotask?: boolean
  /** What becomes of a program in a wrapping: a markdown fence, a function that nobody calls, a last
   *  expression or a promise that nobody returns. 'unwrap': it is taken off, called or returned, and one line
   *  of the console says so, at the level `debug`. 'refuse': a SyntaxError says what to write. Default
   *  'as-is'; 'unwrap' in `createIsolateDriver`. */
  wrapping?: 'as-is' | 'unwrap' | 'refuse'
}

/** What a pool is made with. docs/javascript.md has the table. */
export interface PoolOptions {
  /** Most live workers. 1 to 65536, default 1024. */
  maxWorkers?: number
  /** Most programs that wait for a worker. Default 0: four times `maxWorkers`. */
  maxQueue?: number
  /** Most idle workers kept for their next context. 0 to 65536, default 4. */
  maxIdle?: number
  /** Workers forked ahead of need, at least. 0 to 1024, default 1. */
  spare?: number
  /** Most spare workers: their number rises up to this with the demand of contexts with
   *  `recycle: 'process'`. Ignored where it is less than `spare`. 0 to 1024, default 64. */
  maxSpare?: number
  /** From asking an overdue program to stop to killing its worker, in ms. 1 to 60000, default 50. */
  killGrace?: number
  /** Largest `memoryLimit` that a context may have, in MB (2^20 bytes, whole): one that asks for more is
   *  refused, and one that does not ask has no more. Bounds what a worker can have for a moment, whatever
   *  becomes of its engine. 2 to 4096, default 4096. */
  maxMemoryLimit?: number
  /** What the pool holds for all contexts before it stops reading from workers that have more than a
   *  little to say, in bytes: frames on their way in and out, and inputs of tool calls without an
   *  answer. 1 MiB to 1 TiB, default 512 MiB. */
  maxHeldSize?: number
  /** The worker program. Default: the one inside the addon. */
  workerPath?: string
}

/** A row of a table of options, as base/tables.ts has it. */
export interface OptionRow {
  readonly option: string
  readonly kind: 'limit' | 'whole' | 'flag' | 'choice' | 'domain'
  /** The names of a choice, in the order of their numbers. */
  readonly choices: readonly string[]
  readonly unit: string
  readonly standard: number
  readonly minimum: number
  /** Infinity: there need be no limit. */
  readonly maximum: number
  /** Where its value stands in the settings. */
  readonly place: number
  /** Where it stands whether the option was given; -1: it always is. */
  readonly given: number
  readonly meaning: string
}

type NamesOf<Table extends readonly { readonly option: string }[]> = Table[number]['option']
type Same<A, B> = [A, B] extends [B, A] ? true : never
/** What an option may be, by its row. */
type ValueOf<Row> = Row extends { kind: 'flag' }
  ? boolean
  : Row extends { kind: 'choice'; choices: readonly (infer Name)[] }
    ? Name
    : number
type ValuesOf<Table extends readonly { readonly option: string }[]> = {
  [Row in Table[number] as Row['option']]: ValueOf<Row>
}

/** The types above have the options of the tables with their kinds and choices, and no others: the
 *  compiler sees to it. A trust domain is not the same to all who open contexts, and `workerPath`
 *  is not a number. */
const TYPES_HAVE_THE_ROWS: [
  Same<NamesOf<typeof CONTEXT_OPTIONS>, keyof IsolateOptions | 'trustDomain'>,
  Same<NamesOf<typeof POOL_OPTIONS>, Exclude<keyof PoolOptions, 'workerPath'>>,
  Same<Omit<ValuesOf<typeof CONTEXT_OPTIONS>, 'trustDomain'>, Required<IsolateOptions>>,
  Same<ValuesOf<typeof POOL_OPTIONS>, Required<Omit<PoolOptions, 'workerPath'>>>,
] = [true, true, true, true]
void TYPES_HAVE_THE_ROWS

const MEBIBYTE = 1024 * 1024

/** memoryLimit is the one option whose unit differs in JavaScript. */
function scaleOf(row: OptionRow): number {
  return row.option === 'memoryLimit' ? MEBIBYTE : 1
}

function refuse(
  row: OptionRow,
  expected: string,
  value: unknown,
  type: 'number' | 'string',
): never {
  const text = `${row.option} must be ${expected}, got ${describeValue(value)}`
  throw typeof value === type ? new RangeError(text) : new TypeError(text)
}

function checkNumber(row: OptionRow, value: unknown): number {
  const scale = scaleOf(row)
  if (typeof value === 'number') {
    const inner = scale === 1 || value <= 0 ? value * scale : Math.max(value * scale, row.minimum)
    const whole = scale !== 1 || Number.isInteger(value) || value === Infinity
    if (whole && inner >= row.minimum && inner <= row.maximum) {
      return Math.floor(inner)
    }
  }
  const unit = row.unit === '' ? '' : ` of ${row.unit}`
  const kind = scale === 1 ? `a whole number${unit}` : 'a number of MB'
  const range =
    scale === 1
      ? `from ${row.minimum} to ${row.maximum}`
      : `above 0, at most ${row.maximum / scale}`
  return refuse(row, `${kind} ${range}`, value, 'number')
}

function checkFlag(row: OptionRow, value: unknown): number {
  if (typeof value !== 'boolean') {
    throw new TypeError(`${row.option} must be true or false, got ${describeValue(value)}`)
  }
  return value ? 1 : 0
}

function checkChoice(row: OptionRow, value: unknown): number {
  const place = row.choices.indexOf(value as string)
  if (place >= 0) {
    return place
  }
  const quoted = row.choices.map((choice) => `"${choice}"`)
  return refuse(row, `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`, value, 'string')
}

/** Throws unless `value` is one of the row's. Returns what the addon takes. */
export function checkOption(row: OptionRow, value: unknown): number {
  switch (row.kind) {
    case 'flag':
      return checkFlag(row, value)
    case 'choice':
      return checkChoice(row, value)
    case 'limit':
    case 'whole':
    case 'domain':
      return checkNumber(row, value)
  }
}

/** A number as the old driver took it: what is beyond the range of an option is its end, and parts of what
 *  is whole are rounded up. Anything else is as it was. */
export function nearestNumber(row: OptionRow, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isNaN(value)) {
    return value
  }
  const scale = scaleOf(row)
  const near = scale === 1 ? Math.ceil(value) : value
  return Math.min(Math.max(near, row.minimum / scale), row.maximum / scale)
}

/** Options that are not in the settings: the package's own, and those of a run, each of which has to be here:
 *  the compiler sees to it. */
const OWN_ROWS = {
  values: choiceRow('values', ['parsed', 'text']),
  module: flagRow('module'),
  excerpt: flagRow('excerpt'),
  // To the addon 0 is the context's own; here that is what undefined says.
  timeout: { ...runOption('timeout'), minimum: 1 },
} as const satisfies Record<RunOptionName, OptionRow> & Record<string, OptionRow>

/** What the addon takes with a run. */
export type RunOptionName = NamesOf<typeof RUN_OPTIONS>

function runOption(name: RunOptionName): OptionRow {
  return RUN_OPTIONS.find(({ option }) => option === name) as OptionRow
}

function row(option: string, kind: OptionRow['kind']): OptionRow {
  return {
    option,
    kind,
    choices: [],
    unit: '',
    standard: 0,
    minimum: 0,
    maximum: 1,
    place: -1,
    given: -1,
    meaning: '',
  }
}

function flagRow(option: string): OptionRow {
  return row(option, 'flag')
}

function choiceRow(option: string, choices: readonly string[]): OptionRow {
  return { ...row(option, 'choice'), choices }
}

/** The value of such an option as a number, or `standard` where it was not given. */
export function ownOption(options: object, name: keyof typeof OWN_ROWS, standard: number): number {
  const value = (options as Record<string, unknown>)[name]
  return value === undefined ? standard : checkOption(OWN_ROWS[name], value)
}

/** Whether JSON is handed on as text: the option `values`, or `standard` where it was not given. */
export function textOption(options: object, standard: boolean): boolean {
  return ownOption(options, 'values', Number(standard)) === 1
}

/** The names of all options of a type: the compiler refuses one that is missing. */
export function namesOf<T>(all: Readonly<Record<keyof T, true>>): readonly (keyof T & string)[] {
  return Object.keys(all) as (keyof T & string)[]
}

/** A copy of options. Throws unless they are an object without names that nobody knows. */
export function readOptions<T extends object>(
  what: string,
  options: T,
  known: readonly string[],
): Partial<T> {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${what} must be an object, got ${describeValue(options)}`)
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new TypeError(
        `${what} have no option ${jsonInLine(name)}; there are ${known.join(', ')}`,
      )
    }
  }
  return readOwn(options, known)
}

const rowsOf = (table: readonly OptionRow[]): ReadonlyMap<string, OptionRow> =>
  new Map(table.map((one) => [one.option, one]))

const contextRows = rowsOf(CONTEXT_OPTIONS)
const poolRows = rowsOf(POOL_OPTIONS)
const contextStandards = Float64Array.from(CONTEXT_STANDARDS)
const poolStandards = Float64Array.from(POOL_STANDARDS)

/** Names of the options of a context, but its trust domain, which not everybody can choose. */
export const ISOLATE_OPTION_NAMES: readonly string[] = CONTEXT_OPTIONS.map(
  ({ option }) => option,
).filter((name) => name !== 'trustDomain')

/** Names of the options of a pool. */
export const POOL_OPTION_NAMES: readonly (keyof PoolOptions)[] = [
  ...POOL_OPTIONS.map(({ option }) => option),
  ...namesOf<Omit<PoolOptions, NamesOf<typeof POOL_OPTIONS>>>({ workerPath: true }),
]

/** The row of an option of a context. */
export function contextOption(name: keyof IsolateOptions | 'trustDomain'): OptionRow {
  return contextRows.get(name) as OptionRow
}

/** Puts a checked value where it stands. */
function put(settings: Float64Array, row: OptionRow, value: number): void {
  settings[row.place] = value
  if (row.given >= 0) {
    settings[row.given] = 1
  }
}

/** Those that ask for nothing are not looked at: a context is given few options. Whose number a domain is,
 *  only who opens the context knows. */
function fill(
  settings: Float64Array,
  rows: ReadonlyMap<string, OptionRow>,
  options: object,
): Float64Array {
  for (const name of Object.keys(options)) {
    const value = (options as Record<string, unknown>)[name]
    const row = rows.get(name)
    if (row !== undefined && row.kind !== 'domain' && value !== undefined) {
      put(settings, row, checkOption(row, value))
    }
  }
  return settings
}

/** The array that opens contexts with these options, a copy as readOptions() makes it. */
export function contextSettings(options: IsolateOptions, trustDomain: number): Float64Array {
  const settings = contextStandards.slice()
  settings[contextOption('trustDomain').place] = trustDomain
  return fill(settings, contextRows, options)
}

/** The array that makes a pool with these options. */
export function poolSettings(options: PoolOptions): Float64Array {
  return fill(poolStandards.slice(), poolRows, options)
}

/** What a pool's settings have for an option. */
export function poolSetting(settings: Float64Array, name: keyof PoolOptions): number {
  return settings[(poolRows.get(name) as OptionRow).place] as number
}

/**
 * Bounds the memory of a context by what its pool allows: one that does not ask has no more.
 *
 * @param asked  MB; undefined: nobody asked
 * @param most   MB
 * @throws RangeError where it asked for more
 */
export function boundMemory(settings: Float64Array, asked: number | undefined, most: number): void {
  const { place } = contextOption('memoryLimit')
  if ((settings[place] as number) <= most * MEBIBYTE) {
    return
  }
  if (asked !== undefined) {
    throw new RangeError(
      `memoryLimit must be at most the pool's maxMemoryLimit, ${most} MB, got ${asked}`,
    )
  }
  settings[place] = most * MEBIBYTE
}
