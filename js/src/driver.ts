/**
 * The isolate driver of TanStack AI's Code Mode, as docs/javascript.md
 * describes its behaviour row by row.
 */
import type {
  ExecutionResult,
  IsolateConfig,
  IsolateContext,
  IsolateDriver,
  NormalizedError,
  ToolBinding,
} from '@tanstack/ai-code-mode'

import { Channel } from './channel.js'
import { describeValue, messageWithExcerpt, stackOf } from './errors.js'
import { disposedFailure, type FailedEvent } from './events.js'
import type { Hub } from './hub.js'
import { type LimitRow, loadNative } from './native.js'
import {
  checkLimit,
  checkNames,
  flagOption,
  type IsolateOptions,
  isolateOptionNames,
  limitIndex,
  settingsOf,
} from './options.js'
import { ProgramRun } from './run.js'
import { sharedHub, trustDomainOf } from './shared.js'

/** Before each console entry, in the order of hutch_log_level. */
const LOG_PREFIXES = ['', 'INFO: ', 'WARN: ', 'ERROR: ', 'DEBUG: '] as const

/** What a driver is made with. */
export interface DriverOptions extends IsolateOptions {
  /** Whom the driver's programs may follow in a worker process: those of drivers on this thread with
   *  the same name, of 1 to 256 characters. Default: nobody's but its own. */
  trustDomain?: string
  /** Whether the message of an error goes on with its place in the program and the lines around
   *  it. Default true; false in the drop-in. */
  excerpt?: boolean
}

/** Options of a driver that are none of its contexts'. */
const DRIVER_OPTIONS = ['trustDomain', 'excerpt']

/** A driver whose contexts have these options unless their own config says otherwise. */
export function makeDriver(options: DriverOptions): IsolateDriver {
  const native = loadNative()
  checkNames('the options of a driver', options, [...isolateOptionNames(native), ...DRIVER_OPTIONS])
  const settings = settingsOf(native, options, trustDomainOf(options.trustDomain))
  const excerpt = flagOption(options, 'excerpt', true)
  const limits = (['timeout', 'memoryLimit'] as const).map((option) => {
    const index = limitIndex(native, option)
    const row = native.limits[index] as LimitRow
    return { option, index, row, standard: settings[index] as number }
  })
  return {
    async createContext(config) {
      checkConfig(config)
      // A copy: what the config is made of may have getters, which may open contexts themselves.
      const own = settings.slice()
      for (const { option, index, row, standard } of limits) {
        const value = config[option]
        own[index] = value === undefined ? standard : checkLimit(row, value)
      }
      return new DriverContext(sharedHub(), own, config.bindings, excerpt)
    },
  }
}

function checkConfig(config: unknown): asserts config is IsolateConfig {
  if (typeof config !== 'object' || config === null) {
    throw new TypeError(`the config of a context must be an object, got ${describeValue(config)}`)
  }
  const { bindings } = config as Partial<IsolateConfig>
  if (typeof bindings !== 'object' || bindings === null) {
    throw new TypeError(`bindings must be an object of tools, got ${describeValue(bindings)}`)
  }
}

function checkBinding(name: string, binding: unknown): void {
  if (typeof binding !== 'object' || binding === null) {
    throw new TypeError(`bindings.${name} must be a tool, got ${describeValue(binding)}`)
  }
  const { execute } = binding as Partial<ToolBinding>
  if (typeof execute !== 'function') {
    throw new TypeError(
      `bindings.${name} must have an execute function, got ${describeValue(execute)}`,
    )
  }
}

interface QueuedProgram {
  readonly code: string
  readonly resolve: (result: ExecutionResult<never>) => void
}

/** `execute` and `dispose` are bound, so that they can be taken off the context. */
class DriverContext implements IsolateContext {
  readonly #channel: Channel
  readonly #tools: ToolBinding[] = []
  readonly #excerpt: boolean
  #queue: QueuedProgram[] = []
  #running = false
  #gone = false
  #disposal: { promise: Promise<void>; resolve: () => void } | undefined

  constructor(
    hub: Hub,
    settings: Float64Array,
    bindings: Readonly<Record<string, ToolBinding>>,
    excerpt: boolean,
  ) {
    this.#excerpt = excerpt
    const names: string[] = []
    for (const [name, binding] of Object.entries(bindings)) {
      checkBinding(name, binding)
      names.push(name)
      this.#tools.push(binding)
    }
    this.#channel = new Channel(hub, settings, names)
    this.#channel.closeWith(this)
  }

  readonly execute = <T = unknown>(code: string): Promise<ExecutionResult<T>> => {
    if (typeof code !== 'string') {
      const message = `code must be a string, got ${describeValue(code)}`
      return Promise.resolve(failedResult({ name: 'TypeError', message }, []))
    }
    return new Promise((resolve) => {
      if (this.#gone) {
        resolve(disposedResult())
      } else if (this.#running || this.#queue.length > 0) {
        this.#queue.push({ code, resolve })
      } else {
        this.#run({ code, resolve })
      }
    })
  }

  /** Waits for the program that runs; those that wait behind it are told that the context is gone. */
  readonly dispose = (): Promise<void> => {
    if (this.#disposal === undefined) {
      let resolve = (): void => {}
      const promise = new Promise<void>((settle) => {
        resolve = settle
      })
      this.#disposal = { promise, resolve }
      this.#lose()
      if (!this.#running) {
        this.#end()
      }
    }
    return this.#disposal.promise
  }

  #run(program: QueuedProgram): void {
    this.#running = true
    const run = new DriverRun(this.#channel, this.#tools, this.#excerpt, (result, usable) => {
      this.#running = false
      if (!usable) {
        this.#lose()
      }
      program.resolve(result as ExecutionResult<never>)
      if (this.#gone) {
        this.#end()
      } else if (this.#queue.length > 0) {
        queueMicrotask(() => this.#runNext())
      }
    })
    this.#channel.start(program.code, 0, run)
  }

  #runNext(): void {
    if (!this.#running) {
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

/** One `execute`. */
class DriverRun extends ProgramRun {
  readonly #tools: readonly ToolBinding[]
  readonly #excerpt: boolean
  readonly #finish: (result: ExecutionResult, usable: boolean) => void
  readonly #logs: string[] = []

  constructor(
    channel: Channel,
    tools: readonly ToolBinding[],
    excerpt: boolean,
    finish: (result: ExecutionResult, usable: boolean) => void,
  ) {
    super(channel)
    this.#tools = tools
    this.#excerpt = excerpt
    this.#finish = finish
  }

  override log(level: number, text: string): void {
    this.#logs.push((LOG_PREFIXES[level] ?? '') + text)
  }

  protected override callTool(tool: number, input: unknown): unknown {
    return (this.#tools[tool] as ToolBinding).execute(input)
  }

  protected override act(): void {}

  protected override finishDone(value: unknown): void {
    this.#finish({ success: true, value, logs: this.#logs }, true)
  }

  protected override finishFailed(failure: FailedEvent): void {
    const { name, code } = failure
    const message = this.#excerpt ? messageWithExcerpt(failure) : failure.message
    const stack = failure.stack === undefined ? {} : { stack: stackOf(failure) }
    const error = { name, message, ...stack, ...(code !== undefined && { code }) }
    this.#finish(failedResult(error, this.#logs), failure.usable)
  }
}

function failedResult(error: NormalizedError, logs: string[]): ExecutionResult<never> {
  return { success: false, error, logs }
}

function disposedResult(): ExecutionResult<never> {
  const { name, message } = disposedFailure()
  return failedResult({ name, message }, [])
}
