/// <reference lib="esnext.disposable" preserve="true" />
/**
 * A context of the low-level interface: one guest's heap and globals. Either
 * its events are taken one by one (`start`, `next`, `reply`), or a whole
 * program is run (`run`).
 */

import { Channel } from '../addon/channel.js'
import type { Hub } from '../addon/hub.js'
import {
  type IsolateOptions,
  namesOf,
  ownOption,
  type RunOptionName,
  readOptions,
  textOption,
} from '../addon/options.js'
import {
  describeFailure,
  describeValue,
  HutchError,
  RunError,
  WRONG_STATE,
} from '../base/errors.js'
import {
  disposedFailure,
  type FailedEvent,
  type HutchEvent,
  type LogEvent,
} from '../base/events.js'
import { inLine } from '../base/terminal.js'
import { GivenCalls } from '../run/calls.js'
import { Mailbox } from '../run/mailbox.js'
import { ProgramRun } from '../run/run.js'
import { readRunTools, type ToolFunction, type ToolFunctions, type Tools } from './tools.js'

/** AbortSignal where there are types of it: those of a DOM, of @types/node, of Bun or of Deno. Nothing
 *  fits otherwise. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Known } }
  ? Known
  : never

/** What a context is opened with. */
export interface ContextOptions extends IsolateOptions {
  /** Names of the guest's async functions, or functions that answer them when a program is run. */
  tools?: readonly string[] | Readonly<Record<string, ToolFunction>>
  /** A worker that has served one domain never serves another. A whole number from 0, or a name of 1
   *  to 256 characters; no name is the same domain as a number. Default 0. */
  trustDomain?: number | string
  /** Whether tools get their inputs, and `run` and events give results, as values or as JSON text, which
   *  costs the host no parsing. Default 'parsed'. */
  values?: 'parsed' | 'text'
}

/** What may differ from program to program. */
export interface StartOptions {
  /** Wall-clock time in ms. Default: the context's. */
  timeout?: number
  /** Default: the context's. */
  values?: 'parsed' | 'text'
}

export interface RunOptions extends StartOptions {
  /** Functions that answer the tools; they go before those the context was opened with. */
  tools?: Readonly<Record<string, ToolFunction>>
  /** Hears each console entry, in order. When it throws, or while the program runs rejects, the
   *  program is stopped, nothing more is heard of it, and `run` rejects with that. */
  onLog?: (entry: LogEvent) => void
  /** Stops the program as `stop` does; `run` then rejects with the signal's reason. */
  signal?: Signal
}

export class Context {
  readonly #channel: Channel
  readonly #tools: Tools
  readonly #calls = new GivenCalls()
  readonly #asText: boolean
  #mailbox: Mailbox | undefined
  #isInRun = false

  /** @internal */
  constructor(hub: Hub, settings: Float64Array, tools: Tools, asText: boolean) {
    this.#asText = asText
    this.#tools = tools
    this.#channel = new Channel(hub, settings, tools.names)
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
    const own = readOptions('the options of start', options, START_NAMES)
    const timeout = checkProgram(code, own)
    const asText = textOption(own, this.#asText)
    this.#beginRun()
    const mailbox = new Mailbox(this.#channel, this.#tools.names, this.#calls, asText)
    this.#mailbox = mailbox
    this.#channel.start(code, timeout, mailbox)
  }

  /**
   * The next event of the program that `start` began. After 'done' or 'failed' it is over. When the
   * context has been closed, what was not taken yet is gone: the event is the DisposedError.
   *
   * @throws RunError when the context has been closed and nothing is left; HutchError when no program
   *   is running
   */
  async next(): Promise<HutchEvent> {
    const event = await this.#mailbox?.take()
    if (event === undefined) {
      if (this.#channel.closed) {
        throw new RunError(disposedFailure())
      }
      throw new HutchError('no program is running; start one first', WRONG_STATE)
    }
    if (event.type === 'failed' && !event.usable) {
      this.#channel.close()
    }
    return event
  }

  /**
   * All events of the program that `start` began, the one that ends it included. Whoever leaves the
   * loop early leaves the program as it is: `next` and another loop go on where this one stopped.
   */
  async *events(): AsyncGenerator<HutchEvent, void, undefined> {
    for (;;) {
      const event = await this.next()
      yield event
      if (event.type === 'done' || event.type === 'failed') {
        return
      }
    }
  }

  /**
   * Give the guest the result of a tool call. An answer to a run that is over is dropped. When this
   * throws, nothing is lost: the call waits on for its answer.
   *
   * @throws TypeError or RangeError when `id` is not that of a call; HutchError when the call has its
   *   answer already; what the value's own code throws; TypeError for what has no JSON
   */
  reply(id: number, value: unknown): void {
    this.#answer(
      id,
      () => (JSON.stringify(value) as string | undefined) ?? '',
      (json) => this.#channel.reply(id, json),
    )
  }

  /** Make a tool call fail: an Error inside, with name, message, code, `cause` and `errors` of this
   *  one. Throws as `reply` does for the id. */
  reject(id: number, error: unknown): void {
    this.#answer(
      id,
      () => describeFailure(error),
      (failure) => this.#channel.reject(id, failure),
    )
  }

  /** Ask the program to stop: it ends as failed, with an AbortError. Of one that `run` began nothing is
   *  handed out any more but the end, neither entries nor tool calls. */
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
   * @typeParam T  what the program returns, as the caller knows it; nothing checks that
   * @returns what the program returned; with `values: 'text'` its JSON, or undefined
   * @throws RunError when the program failed; the signal's reason when it was aborted
   */
  run<T = unknown>(code: string, options?: RunOptions): Promise<T> {
    // What throws in here rejects; and the promise is handed out itself, not through that of an async
    // function, which would hear of the end some jobs later.
    return new Promise<T>((resolve, reject) => {
      this.#run(code, options, resolve as (value: unknown) => void, reject)
    })
  }

  #run(
    code: string,
    options: RunOptions | undefined,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ): void {
    const own =
      options === undefined ? NONE_GIVEN : readOptions('the options of run', options, RUN_NAMES)
    const timeout = checkProgram(code, own)
    const asText = textOption(own, this.#asText)
    const functions = readRunTools(own.tools, this.#tools)
    checkListeners(own)
    own.signal?.throwIfAborted()
    this.#beginRun()
    this.#isInRun = true
    // The context is in it, which is also what keeps one in use from being collected.
    const settle = (isUsable: boolean, act: () => void): void => {
      this.#isInRun = false
      if (!isUsable) {
        this.close()
      }
      act()
    }
    const { onLog, signal } = own
    const listeners: Listeners = { onLog, signal, resolve, reject, settle }
    const { names } = this.#tools
    const program = new FunctionRun(this.#channel, asText, names, functions, listeners)
    program.begin(code, timeout)
  }

  /** Throws unless a program may begin: whatever the last one did has been handed out. */
  #beginRun(): void {
    if (this.#channel.closed) {
      throw new RunError(disposedFailure())
    }
    if (this.#channel.running || this.#isInRun || this.#mailbox?.isEmpty === false) {
      throw new HutchError('a program is running in this context', WRONG_STATE)
    }
    this.#calls.beginRun()
  }

  /** Making the answer is the caller's code as well, which may do anything to this context. */
  #answer<T>(id: number, make: () => T, send: (answer: T) => void): void {
    if (!this.#calls.isDue(id, this.#channel.running)) {
      return
    }
    const answer = make()
    if (this.#calls.isDue(id, this.#channel.running)) {
      send(answer)
      this.#calls.noteAnswer(id)
    }
  }
}

const START_NAMES = namesOf<StartOptions>({ timeout: true, values: true })
const RUN_NAMES = namesOf<RunOptions>({
  timeout: true,
  values: true,
  tools: true,
  onLog: true,
  signal: true,
})

/** What the addon takes with a run can be given with each: the compiler sees to it. */
const TYPE_HAS_THE_ROWS: RunOptionName extends keyof StartOptions ? true : never = true
void TYPE_HAS_THE_ROWS

/** What readOptions() makes of nothing, but that engines look its properties up faster: it has all of
 *  them itself. */
const NONE_GIVEN: RunOptions = Object.freeze<object>({
  timeout: undefined,
  values: undefined,
  tools: undefined,
  onLog: undefined,
  signal: undefined,
} satisfies Record<keyof RunOptions, undefined>)

/** Who hears of a program, and of its end. */
interface Listeners {
  readonly onLog: ((entry: LogEvent) => unknown) | undefined
  readonly signal: AbortSignal | undefined
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
  /** The run is over; `act` tells the caller. */
  readonly settle: (isUsable: boolean, act: () => void) => void
}

/** A program whose tools are functions, as a promise. */
class FunctionRun extends ProgramRun {
  readonly #channel: Channel
  readonly #tools: readonly string[]
  readonly #functions: ToolFunctions
  readonly #listeners: Listeners
  /** What the listener threw first. */
  #thrown: { readonly reason: unknown } | undefined
  #isOver = false
  readonly #abort = (): void => this.#channel.stop()

  constructor(
    channel: Channel,
    asText: boolean,
    tools: readonly string[],
    functions: ToolFunctions,
    listeners: Listeners,
  ) {
    super(channel, asText)
    this.#channel = channel
    this.#tools = tools
    this.#functions = functions
    this.#listeners = listeners
  }

  begin(code: string, timeout: number): void {
    this.#listeners.signal?.addEventListener('abort', this.#abort)
    this.#channel.start(code, timeout, this)
  }

  protected override nameOf(tool: number): string {
    return this.#tools[tool] ?? ''
  }

  protected override callTool(tool: number, input: unknown): unknown {
    const name = this.#tools[tool] ?? ''
    const answer = this.#functions.get(name)
    if (answer === undefined) {
      throw new Error(`no function was given for the tool ${inLine(name)}`)
    }
    return answer(input)
  }

  protected override hear(entry: LogEvent): void {
    try {
      const { onLog } = this.#listeners
      const heard = onLog === undefined ? undefined : this.asCaller(() => onLog(entry))
      if (typeof heard === 'object' && heard !== null) {
        void this.asCaller(() => this.#watch(heard))
      }
    } catch (reason) {
      this.#fail(reason)
    }
  }

  protected override finishDone(value: unknown): void {
    this.#finish(true, () => this.#listeners.resolve(value))
  }

  protected override finishFailed(failure: FailedEvent): void {
    const { signal, reject } = this.#listeners
    const aborted = failure.failure === 'stopped' && signal?.aborted === true
    const reason = aborted ? signal.reason : new RunError(failure)
    this.#finish(failure.usable, () => reject(reason))
  }

  /** A listener that is asynchronous. What it throws when the run is over is an unhandled rejection,
   *  as it would be anywhere. */
  async #watch(heard: object): Promise<void> {
    try {
      await heard
    } catch (reason) {
      if (this.#isOver && this.#thrown === undefined) {
        throw reason
      }
      this.#fail(reason)
    }
  }

  #fail(reason: unknown): void {
    if (this.#thrown === undefined) {
      this.#thrown = { reason }
      this.abandon()
    }
  }

  #finish(isUsable: boolean, act: () => void): void {
    const { signal, reject, settle } = this.#listeners
    const thrown = this.#thrown
    this.#isOver = true
    signal?.removeEventListener('abort', this.#abort)
    settle(isUsable, thrown === undefined ? act : () => reject(thrown.reason))
  }
}

/** Returns the timeout as the addon takes it. */
function checkProgram(code: unknown, options: StartOptions): number {
  if (typeof code !== 'string') {
    throw new TypeError(`code must be a string, got ${describeValue(code)}`)
  }
  return ownOption(options, 'timeout', 0)
}

function checkListeners({ onLog, signal }: RunOptions): void {
  if (onLog !== undefined && typeof onLog !== 'function') {
    throw new TypeError(`onLog must be a function, got ${describeValue(onLog)}`)
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`signal must be an AbortSignal, got ${describeValue(signal)}`)
  }
}
