/**
 * A context of the low-level interface: one guest's heap and globals. Either
 * its events are taken one by one (`start`, `next`, `reply`), or a whole
 * program is run (`run`).
 */
import { Channel } from './channel.js'
import { describeFailure, describeValue, HutchError, RunError, type ToolFailure } from './errors.js'
import {
  disposedFailure,
  type FailedEvent,
  type HutchEvent,
  LOG_LEVELS,
  type LogEvent,
} from './events.js'
import type { Hub } from './hub.js'
import { Mailbox } from './mailbox.js'
import { checkNames, type IsolateOptions, wholeOption } from './options.js'
import { ProgramRun } from './run.js'

/** Answers a tool call of the guest. What it returns crosses as JSON; what it throws is an Error
 *  inside, with its name, message and code. */
export type ToolFunction = (input: unknown) => unknown

/** What a context is opened with. */
export interface ContextOptions extends IsolateOptions {
  /** Names of the guest's async functions, or functions that answer them when a program is run. */
  tools?: readonly string[] | Readonly<Record<string, ToolFunction>>
  /** A worker that has served one domain never serves another. A whole number from 0, or a name of 1
   *  to 256 characters; no name is the same domain as a number. Default 0. */
  trustDomain?: number | string
}

/** What may differ from program to program. */
export interface StartOptions {
  /** Wall-clock time in ms. Default: the context's. */
  timeout?: number
}

export interface RunOptions extends StartOptions {
  /** Functions that answer the tools; they go before those the context was opened with. */
  tools?: Readonly<Record<string, ToolFunction>>
  /** Hears each console entry, in order. */
  onLog?: (entry: LogEvent) => void
  /** Stops the program; `run` then rejects with the signal's reason. */
  signal?: AbortSignal
}

export class Context {
  readonly #channel: Channel
  readonly #tools: readonly string[]
  readonly #functions: Readonly<Record<string, ToolFunction>>
  #mailbox: Mailbox | undefined

  /** @internal */
  constructor(hub: Hub, settings: Float64Array, tools: ContextOptions['tools'] = []) {
    this.#tools = Array.isArray(tools) ? [...tools] : Object.keys(tools)
    this.#functions = Array.isArray(tools)
      ? {}
      : { ...(tools as Readonly<Record<string, ToolFunction>>) }
    checkTools(this.#tools, this.#functions)
    this.#channel = new Channel(hub, settings, this.#tools)
    this.#channel.closeWith(this)
  }

  /** Whether the context has been closed, or lost with its worker. */
  get closed(): boolean {
    return this.#channel.closed
  }

  /** Process id of the worker; 0 while there is none, or it is not known yet. For diagnosis. */
  get pid(): number {
    return this.#channel.pid
  }

  /** Begin a program, the body of an async function. Its events come from `next`. */
  start(code: string, options: StartOptions = {}): void {
    checkNames('the options of start', options, ['timeout'])
    const timeout = checkProgram(code, options)
    this.#checkIdle()
    const mailbox = new Mailbox(this.#channel, this.#tools)
    this.#mailbox = mailbox
    this.#channel.start(code, timeout, mailbox)
  }

  /** The next event of the program that `start` began. After 'done' or 'failed' it is over. */
  async next(): Promise<HutchEvent> {
    const event = await this.#mailbox?.take()
    if (event === undefined) {
      throw new HutchError('no program is running; start one first', 'HUTCH_WRONG_STATE')
    }
    if (event.type === 'failed' && !event.usable) {
      this.#channel.close()
    }
    return event
  }

  /** All events of the program that `start` began, the one that ends it included. */
  async *events(): AsyncGenerator<HutchEvent, void, undefined> {
    for (;;) {
      const event = await this.next()
      yield event
      if (event.type === 'done' || event.type === 'failed') {
        return
      }
    }
  }

  /** Give the guest the result of a tool call. An answer that comes too late is dropped. */
  reply(id: number, value: unknown): void {
    const json = (JSON.stringify(value) as string | undefined) ?? ''
    if (this.#takesAnswer(id)) {
      this.#channel.reply(id, json)
    }
  }

  /** Make a tool call fail: an Error inside, with name, message and code of this one. */
  reject(id: number, error: unknown): void {
    const failure: ToolFailure = describeFailure(error)
    if (this.#takesAnswer(id)) {
      this.#channel.reject(id, failure.name, failure.message, failure.code)
    }
  }

  /** Ask the program to stop: it ends as failed, with an AbortError. */
  stop(): void {
    this.#channel.stop()
  }

  /** Give the context back; a program in progress ends as failed, with a DisposedError. */
  close(): void {
    this.#channel.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /**
   * Run a program and answer its tool calls with functions.
   *
   * @returns what the program returned
   * @throws RunError when the program failed; the signal's reason when it was aborted
   */
  async run(code: string, options: RunOptions = {}): Promise<unknown> {
    checkNames('the options of run', options, ['timeout', 'tools', 'onLog', 'signal'])
    const timeout = checkProgram(code, options)
    const functions = { ...this.#functions, ...options.tools }
    checkRun(this.#tools, functions, options)
    options.signal?.throwIfAborted()
    this.#checkIdle()
    return new Promise((resolve, reject) => {
      const program = new FunctionRun(this.#channel, this.#tools, functions, options.onLog, {
        resolve,
        reject,
        // This, too, is what keeps a context in use from being collected.
        lose: () => this.close(),
      })
      program.begin(code, timeout, options.signal)
    })
  }

  #checkIdle(): void {
    if (this.#channel.closed) {
      throw new RunError(disposedFailure())
    }
    if (this.#channel.running) {
      throw new HutchError('a program is running in this context', 'HUTCH_WRONG_STATE')
    }
  }

  /** Answers to a run that is over are dropped: tools cannot know. */
  #takesAnswer(id: number): boolean {
    if (typeof id !== 'number') {
      throw new TypeError(`id must be the id of a tool call, got ${describeValue(id)}`)
    }
    return this.#channel.running
  }
}

/** What becomes of a program's promise, and of its context if that is gone. */
interface Settle {
  resolve(value: unknown): void
  reject(reason: unknown): void
  lose(): void
}

/** A program whose tools are functions, as a promise. */
class FunctionRun extends ProgramRun {
  readonly #channel: Channel
  readonly #tools: readonly string[]
  readonly #functions: Readonly<Record<string, ToolFunction>>
  readonly #onLog: ((entry: LogEvent) => void) | undefined
  readonly #settle: Settle
  #logs: LogEvent[] = []
  #signal: AbortSignal | undefined
  readonly #abort = (): void => this.#channel.stop()

  constructor(
    channel: Channel,
    tools: readonly string[],
    functions: Readonly<Record<string, ToolFunction>>,
    onLog: ((entry: LogEvent) => void) | undefined,
    settle: Settle,
  ) {
    super(channel)
    this.#channel = channel
    this.#tools = tools
    this.#functions = functions
    this.#onLog = onLog
    this.#settle = settle
  }

  begin(code: string, timeout: number, signal: AbortSignal | undefined): void {
    this.#signal = signal
    signal?.addEventListener('abort', this.#abort)
    this.#channel.start(code, timeout, this)
  }

  override log(level: number, text: string): void {
    this.#logs.push({ type: 'log', level: LOG_LEVELS[level] ?? 'log', text })
  }

  protected override callTool(tool: number, input: unknown): unknown {
    const name = this.#tools[tool] ?? ''
    const answer = this.#functions[name]
    if (answer === undefined) {
      throw new Error(`no function was given for the tool ${name}`)
    }
    return answer(input)
  }

  /** A listener that throws ends the program, and `run` with what it threw. */
  protected override act(): void {
    const logs = this.#logs
    this.#logs = []
    try {
      for (const entry of logs) {
        this.#onLog?.(entry)
      }
    } catch (error) {
      this.#settle.reject(error)
      this.#channel.stop()
    }
  }

  protected override finishDone(value: unknown): void {
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#settle.resolve(value)
  }

  protected override finishFailed(failure: FailedEvent): void {
    this.#signal?.removeEventListener('abort', this.#abort)
    if (!failure.usable) {
      this.#settle.lose()
    }
    const aborted = failure.failure === 'stopped' && this.#signal?.aborted === true
    this.#settle.reject(aborted ? this.#signal?.reason : new RunError(failure))
  }
}

function checkTools(
  names: readonly string[],
  functions: Readonly<Record<string, ToolFunction>>,
): void {
  for (const name of names) {
    if (typeof name !== 'string') {
      throw new TypeError(`tools must be names or functions, got ${describeValue(name)}`)
    }
  }
  for (const [name, answer] of Object.entries(functions)) {
    if (typeof answer !== 'function') {
      throw new TypeError(`tools.${name} must be a function, got ${describeValue(answer)}`)
    }
  }
}

/** Returns the timeout as the addon takes it. */
function checkProgram(code: unknown, options: StartOptions): number {
  if (typeof code !== 'string') {
    throw new TypeError(`code must be a string, got ${describeValue(code)}`)
  }
  return wholeOption(options, 'timeout', 0, 1, 0x7fffffff)
}

function checkRun(
  names: readonly string[],
  functions: Readonly<Record<string, ToolFunction>>,
  options: RunOptions,
): void {
  checkTools([], functions)
  for (const name of Object.keys(functions)) {
    if (!names.includes(name)) {
      throw new TypeError(`tools.${name} is none of the context's tools (${names.join(', ')})`)
    }
  }
  if (options.onLog !== undefined && typeof options.onLog !== 'function') {
    throw new TypeError(`onLog must be a function, got ${describeValue(options.onLog)}`)
  }
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    throw new TypeError(`signal must be an AbortSignal, got ${describeValue(options.signal)}`)
  }
}
