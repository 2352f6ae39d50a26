/**
 * The isolate driver of TanStack AI's Code Mode, as docs/javascript.md
 * describes its behaviour row by row.
 */
import type { AsyncResource } from 'node:async_hooks'

import type {
  ExecutionResult,
  IsolateConfig,
  IsolateContext,
  IsolateDriver,
  NormalizedError,
} from '@tanstack/ai-code-mode'

import { Channel } from '../addon/channel.js'
import { loadNative } from '../addon/native.js'
import {
  boundMemory,
  checkOption,
  contextOption,
  contextSettings,
  ISOLATE_OPTION_NAMES,
  type IsolateOptions,
  namesOf,
  nearestNumber,
  ownOption,
  POOL_OPTION_NAMES,
  type PoolOptions,
  readOptions,
} from '../addon/options.js'
import { describeValue, messageWithExcerpt, stackOf, WRONG_STATE } from '../base/errors.js'
import { disposedFailure, type FailedEvent, type LogEvent } from '../base/events.js'
import { readMethod, readOwn, readProperty } from '../base/own.js'
import { LOG_PREFIXES } from '../base/tables.js'
import { inLine } from '../base/terminal.js'
import type { Pool } from '../open/pool.js'
import { newCaller, ProgramRun } from '../run/run.js'
import { bindTools } from '../text/names.js'
import { type PoolSource, poolSourceOf } from './shared.js'

/** What a driver is made with. With any option of a pool it has a pool of its own, which lives as long as
 *  the driver or one of its contexts is used. */
export interface DriverOptions extends IsolateOptions, PoolOptions {
  /** Where the driver's contexts are opened, from `createPool`; it remains the caller's to close. Default:
   *  the pool that the drivers of this thread share. */
  pool?: Pool
  /** Whom the driver's programs may follow in a worker process: those of drivers with the same pool and
   *  the same name, of 1 to 256 characters. Default: nobody's but its own. */
  trustDomain?: string
  /** Whether the message of an error goes on with its place in the program and the lines around
   *  it. Default true; false in the drop-in. */
  excerpt?: boolean
}

/** What a maker of drivers makes. */
export interface DriverKind {
  /** Instead of the usual defaults. */
  readonly standards: DriverOptions
  /** Whether it stands in for the old driver. */
  readonly isDropIn: boolean
}

/** Options that the old driver had, and took as they came. */
const OLD_OPTIONS = ['timeout', 'memoryLimit', 'maxStackSize', 'maxToolCalls'] as const

const EXECUTE_IN_TOOL =
  'execute was called by a tool of this context, whose program is still running: ' +
  'they would wait for each other'

const KNOWN_OPTIONS = [
  ...ISOLATE_OPTION_NAMES,
  ...namesOf<Omit<DriverOptions, keyof IsolateOptions | keyof PoolOptions>>({
    trustDomain: true,
    excerpt: true,
    pool: true,
  }),
  ...POOL_OPTION_NAMES,
]

/** Those that the config of a context may have, too. */
const CONFIG_OPTIONS = ['timeout', 'memoryLimit'] as const

/**
 * A driver whose contexts have these options unless their own config says otherwise.
 */
export function makeDriver(
  options: DriverOptions,
  { standards, isDropIn }: DriverKind,
): IsolateDriver {
  // Where there is no addon, that is known when the driver is made.
  loadNative()
  const own = readOptions('the options of a driver', options, KNOWN_OPTIONS)
  if (isDropIn) {
    takeAsBefore(own)
  }
  for (const [option, standard] of Object.entries(standards)) {
    if (own[option as 'excerpt'] === undefined) {
      own[option as 'excerpt'] = standard
    }
  }
  const source = poolSourceOf(own)
  const { domains, maxMemoryLimit } = source
  const domain =
    own.trustDomain === undefined ? domains.unnamed() : domains.numberOf(own.trustDomain)
  const settings = contextSettings(own, domain)
  boundMemory(settings, own.memoryLimit, maxMemoryLimit)
  const excerpt = ownOption(own, 'excerpt', 1) === 1
  return {
    async createContext(config) {
      const { own, tools } = readConfig(config, isDropIn)
      if (isDropIn) {
        takeAsBefore(own)
      }
      const chosen = settings.slice()
      for (const option of CONFIG_OPTIONS) {
        const value = own[option]
        const row = contextOption(option)
        if (value !== undefined) {
          chosen[row.place] = checkOption(row, value)
        }
      }
      boundMemory(chosen, own.memoryLimit, maxMemoryLimit)
      return new DriverContext(source, chosen, tools, excerpt)
    },
  }
}

/** The old driver's options in what it took for them: any number, and null for what was not given. */
function takeAsBefore(own: DriverOptions | Partial<IsolateConfig>): void {
  const values = own as Record<string, unknown>
  for (const option of OLD_OPTIONS) {
    values[option] = nearestNumber(contextOption(option), values[option] ?? undefined)
  }
}

/** A copy, read before anything is made: getters of a config may open contexts of their own. */
function readConfig(
  config: IsolateConfig,
  isDropIn: boolean,
): { own: Partial<IsolateConfig>; tools: Tool[] } {
  if (typeof config !== 'object' || config === null) {
    throw new TypeError(`the config of a context must be an object, got ${describeValue(config)}`)
  }
  const own = readOwn(config, ['bindings', 'timeout', 'memoryLimit'])
  const { bindings } = own
  if (typeof bindings !== 'object' || bindings === null) {
    throw new TypeError(`bindings must be an object of tools, got ${describeValue(bindings)}`)
  }
  const tools = Object.entries(bindings).map(([name, binding]) =>
    readBinding(name, binding, isDropIn),
  )
  return { own, tools }
}

/** A binding may be of a class, whose method `execute` is. The old driver gave it an object for null. */
function readBinding(name: string, binding: unknown, isDropIn: boolean): Tool {
  if (typeof binding !== 'object' || binding === null) {
    throw new TypeError(`bindings.${inLine(name)} must be a tool, got ${describeValue(binding)}`)
  }
  const execute = readMethod(binding, 'execute')
  if (typeof execute !== 'function') {
    throw new TypeError(
      `bindings.${inLine(name)} must have an execute function, got ${describeValue(execute)}`,
    )
  }
  return isDropIn
    ? { name, execute: (input) => execute.call(binding, input ?? {}) }
    : { name, execute: (input) => execute.call(binding, input) }
}

interface Tool {
  readonly name: string
  readonly execute: (input: unknown) => unknown
}

interface QueuedProgram {
  readonly code: string
  readonly caller: AsyncResource
  readonly resolve: (result: ExecutionResult<never>) => void
  /** The run that had a tool call open when this was queued. */
  readonly behind: DriverRun | undefined
}

/** `execute` and `dispose` are bound, so that they can be taken off the context. */
class DriverContext implements IsolateContext {
  /** Held, so that a pool which is the driver's own outlives it. */
  readonly source: PoolSource
  readonly #channel: Channel
  readonly #tools: readonly Tool[]
  readonly #excerpt: boolean
  #queue: QueuedProgram[] = []
  #running: DriverRun | undefined
  /** Tools of this context that are in their synchronous part. */
  #toolsOnStack = 0
  #gone = false
  #disposal: { promise: Promise<void>; resolve: () => void } | undefined

  constructor(
    source: PoolSource,
    settings: Float64Array,
    tools: readonly Tool[],
    excerpt: boolean,
  ) {
    this.source = source
    this.#tools = tools
    this.#excerpt = excerpt
    const hub = source.hub()
    const names = tools.map((tool) => tool.name)
    this.#channel = new Channel(hub, settings, names, bindTools(hub.native, names))
    this.#channel.closeWith(this)
  }

  readonly execute = <T = unknown>(code: string): Promise<ExecutionResult<T>> => {
    if (typeof code !== 'string') {
      const message = `code must be a string, got ${describeValue(code)}`
      return Promise.resolve(failedResult({ name: 'TypeError', message }, []))
    }
    return new Promise((resolve) => {
      const running = this.#running
      const behind = running !== undefined && running.openCalls > 0 ? running : undefined
      const program = { code, resolve, behind, caller: newCaller() }
      if (this.#gone) {
        resolve(disposedResult())
      } else if (this.#toolsOnStack > 0) {
        const name = 'HutchError'
        resolve(failedResult({ name, message: EXECUTE_IN_TOOL, code: WRONG_STATE }, []))
      } else if (running !== undefined || this.#queue.length > 0) {
        this.#queue.push(program)
      } else {
        this.#run(program)
      }
    })
  }

  /**
   * Waits for a program that computes. One that waits for a tool, or needs one later, ends; those
   * that wait behind it are told that the context is gone.
   */
  readonly dispose = (): Promise<void> => {
    if (this.#disposal === undefined) {
      let resolve = (): void => {}
      const promise = new Promise<void>((settle) => {
        resolve = settle
      })
      this.#disposal = { promise, resolve }
      this.#lose()
      if (this.#running === undefined) {
        this.#end()
      } else {
        this.#running.endAtTools()
      }
    }
    return this.#disposal.promise
  }

  #run(program: QueuedProgram): void {
    const run = new DriverRun(this.#channel, this.#excerpt, program.caller, {
      nameOf: (tool) => this.#tools[tool]?.name ?? '',
      callTool: (tool, input) => this.#callTool(tool, input),
      sequel: (failure) => this.#sequel(failure, run),
      finish: (result, usable) => {
        this.#running = undefined
        if (!usable) {
          this.#lose()
        }
        program.resolve(result as ExecutionResult<never>)
        if (this.#gone) {
          this.#end()
        } else if (this.#queue.length > 0) {
          queueMicrotask(() => this.#runNext())
        }
      },
    })
    this.#running = run
    this.#channel.start(program.code, 0, run)
  }

  #callTool(tool: number, input: unknown): unknown {
    this.#toolsOnStack++
    try {
      return (this.#tools[tool] as Tool).execute(input)
    } finally {
      this.#toolsOnStack--
    }
  }

  /** What a timeout goes on with where a tool may have waited for its own program's end. */
  #sequel({ failure }: FailedEvent, run: DriverRun): string {
    const behind = this.#queue.filter((program) => program.behind === run).length
    return failure !== 'timeout' || behind === 0 || run.openCalls === 0
      ? ''
      : `; meanwhile a tool was open and ${behind} ${behind === 1 ? 'execute' : 'executes'} of this ` +
          'context had to wait: a tool that ' +
          'awaits execute of its own context waits for itself'
  }

  #runNext(): void {
    if (this.#running === undefined) {
      const program = this.#queue.shift()
      if (program !== undefined) {
        this.#run(program)
      }
    }
  }

  /** No program begins any more. */
  #lose(): void {
    this.#gone = true
    for (const { resolve } of this.#queue.splice(0)) {
      resolve(disposedResult())
    }
  }

  #end(): void {
    this.#channel.close()
    this.#disposal?.resolve()
  }
}

/** The context of a run. */
interface Owner {
  nameOf(tool: number): string
  callTool(tool: number, input: unknown): unknown
  /** What the message of a failure goes on with; may be empty. */
  sequel(failure: FailedEvent): string
  finish(result: ExecutionResult, usable: boolean): void
}

/** One `execute`. */
class DriverRun extends ProgramRun {
  readonly #excerpt: boolean
  readonly #owner: Owner
  readonly #logs: string[] = []

  constructor(channel: Channel, excerpt: boolean, caller: AsyncResource, owner: Owner) {
    super(channel, false, caller)
    this.#excerpt = excerpt
    this.#owner = owner
  }

  protected override nameOf(tool: number): string {
    return this.#owner.nameOf(tool)
  }

  protected override callTool(tool: number, input: unknown): unknown {
    return this.#owner.callTool(tool, input)
  }

  protected override hear({ level, text }: LogEvent): void {
    this.#logs.push(LOG_PREFIXES[level] + text)
  }

  protected override finishDone(value: unknown): void {
    this.#owner.finish({ success: true, value, logs: this.#logs }, true)
  }

  protected override finishFailed(event: FailedEvent): void {
    const failure = { ...event, message: event.message + this.#owner.sequel(event) }
    const code = readProperty(failure, 'code')
    const message = this.#excerpt ? messageWithExcerpt(failure) : failure.message
    const hasStack = readProperty(failure, 'stack') !== undefined
    const stack = hasStack ? { stack: stackOf(failure) } : {}
    const error = { name: failure.name, message, ...stack, ...(code !== undefined && { code }) }
    this.#owner.finish(failedResult(error, this.#logs), failure.usable)
  }
}

function failedResult(error: NormalizedError, logs: string[]): ExecutionResult<never> {
  return { success: false, error, logs }
}

function disposedResult(): ExecutionResult<never> {
  const { name, message } = disposedFailure()
  return failedResult({ name, message }, [])
}
