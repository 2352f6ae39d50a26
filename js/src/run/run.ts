/**
 * One run of a program whose tool calls are answered by functions: what
 * `Context.run` and the TanStack driver have in common.
 *
 * Invariants: what the guest did is handed out in its order; the run finishes
 * once, after all logs; nothing that a tool does, throws or returns, and at
 * whatever time, throws out of here or becomes an unhandled rejection; answers
 * of a run that is over are dropped.
 */
import { AsyncResource } from 'node:async_hooks'

import type { Channel } from '../addon/channel.js'
import { type Json, readJson, type Sink, Whole } from '../addon/sink.js'
import { describeFailure } from '../base/errors.js'
import {
  disposedFailure,
  type FailedEvent,
  type Failure,
  hostFailure,
  type LogEvent,
  levelOf,
  violation,
} from '../base/events.js'

/** What a program comes to by itself. The calls that it made before are made, however much of what it did
 *  has been read by then. */
const OWN_ENDS: ReadonlySet<Failure> = new Set<Failure>([
  'guest_error',
  'detached',
  'limit',
  'memory_limit',
  'stack_overflow',
  'stalled',
])

/** Names of tools that a line of the logs has. */
const NAMES_SHOWN = 8

interface PendingCall {
  readonly type: 'call'
  readonly id: number
  readonly tool: number
  readonly input: Json
}

/** The async context in which this is called. */
export function newCaller(): AsyncResource {
  return new AsyncResource('HutchRun', { requireManualDestroy: true })
}

export abstract class ProgramRun implements Sink {
  readonly #channel: Channel
  #noted: (PendingCall | LogEvent)[] = []
  /** Tools of calls that were not made, because the run had ended. */
  #unmade: number[] = []
  /** Entries that came after a stop. They are heard if that found a program which had returned. */
  #late: LogEvent[] = []
  #outcome: FailedEvent | Json | undefined
  #open = 0
  #waits = false
  #toolless = false
  #abandoned = false
  #flushing = false
  #over = false
  #pumpScheduled = false

  readonly asText: boolean
  readonly #caller: AsyncResource

  /** @param caller  the async context of who runs the program; tools are called in it */
  constructor(channel: Channel, asText: boolean, caller: AsyncResource = newCaller()) {
    this.#channel = channel
    this.asText = asText
    this.#caller = caller
  }

  /** Call a function of the caller's as if he called it: what his AsyncLocalStorage holds is there. */
  protected asCaller<T>(act: () => T): T {
    return this.#caller.runInAsyncScope(act)
  }

  /** The name of a tool. */
  protected abstract nameOf(tool: number): string
  /** Call a tool. Whatever it returns, throws or rejects with is dealt with. */
  protected abstract callTool(tool: number, input: unknown): unknown
  /** The guest wrote to its console. Must not throw. */
  protected abstract hear(entry: LogEvent): void
  /** The end; one of these two, once. Must not throw. */
  protected abstract finishDone(value: unknown): void
  protected abstract finishFailed(failure: FailedEvent): void

  /** Tool calls without an answer. */
  get openCalls(): number {
    return this.#open
  }

  /** From now on the program may compute to its end, but no tool is called for it, and those that are
   *  open answer it no more. Where it waits for one, it ends as disposed: so that does not depend on how
   *  much of what the guest did has been read. */
  endAtTools(): void {
    this.#toolless = true
    this.#endIfWaiting()
  }

  /** Stop the program and hand out nothing more of what it did; its end still comes. */
  protected abandon(): void {
    this.#abandoned = true
    this.#channel.stop()
  }

  log(level: number, text: string): void {
    this.#noted.push({ type: 'log', level: levelOf(level), text })
  }

  call(id: number, tool: number, input: Json): void {
    this.#noted.push({ type: 'call', id, tool, input })
  }

  done(json: Json): void {
    this.#outcome = json
  }

  failed(failure: FailedEvent): void {
    this.#outcome = failure
  }

  waiting(): void {
    this.#waits = true
  }

  wake(): void {
    this.#channel.pump()
  }

  skipsInputs(): boolean {
    return !this.#mayCall()
  }

  wantsMore(): boolean {
    return true
  }

  /** The user's code may close the context, which flushes again: that is left to the first. */
  flush(): void {
    if (this.#flushing || this.#over) {
      return
    }
    this.#flushing = true
    if (this.#noted.length > 0) {
      this.#handOut()
    }
    this.#flushing = false
    this.#endIfWaiting()
    if (this.#outcome !== undefined && !this.#over) {
      this.#over = true
      this.#finish(this.#outcome)
    }
  }

  #handOut(): void {
    for (const event of this.#noted) {
      if (event.type === 'call') {
        this.#startCall(event)
      } else if (this.#channel.stopping) {
        this.#late.push(event)
      } else if (!this.#abandoned) {
        this.hear(event)
      }
    }
    this.#noted = []
  }

  #finish(outcome: FailedEvent | Json): void {
    this.#tell(outcome)
    this.#caller.emitDestroy()
  }

  #tell(outcome: FailedEvent | Json): void {
    if (typeof outcome !== 'string' && !(outcome instanceof Whole)) {
      // What it was stopped for is that it waited for a tool of a context that is being disposed.
      const isDisposed = this.#toolless && outcome.failure === 'stopped'
      this.#tellUnmade()
      this.finishFailed(isDisposed ? disposedFailure() : outcome)
      return
    }
    if (!this.#abandoned) {
      for (const entry of this.#late) {
        this.hear(entry)
      }
    }
    this.#tellUnmade()
    let value: unknown
    try {
      value = readJson(outcome, this.asText)
    } catch {
      this.#channel.close()
      this.finishFailed(violation('a result that is not JSON'))
      return
    }
    this.finishDone(value)
  }

  /** Also to who stopped the run or gave its context away: he may count on what the program did. */
  #tellUnmade(): void {
    const count = this.#unmade.length
    if (count > 0 && !this.#abandoned) {
      const names = this.#unmade.slice(0, NAMES_SHOWN).map((tool) => this.nameOf(tool))
      const list = names.join(', ') + (count > NAMES_SHOWN ? ', …' : '')
      const calls = count === 1 ? 'call was' : 'calls were'
      const text = `${count} tool ${calls} not made, as ${this.#ending()}: ${list}`
      this.hear({ type: 'log', level: 'warn', text })
    }
  }

  /** Why no tool is called any more. */
  #ending(): string {
    if (this.#toolless) {
      return 'its context was disposed'
    }
    return this.#channel.stopping ? 'the run had been stopped' : 'the run had failed'
  }

  /** A program that has returned, and waits for calls that nobody awaits, ends with its value then. */
  #endIfWaiting(): void {
    if (this.#toolless && this.#waits && this.#outcome === undefined) {
      this.#channel.stop()
    }
  }

  /** A program that was stopped, or whose time is used up, calls no tool any more. */
  #mayCall(): boolean {
    const outcome = this.#outcome
    const failed = typeof outcome === 'object' && !(outcome instanceof Whole)
    const ended = failed && !OWN_ENDS.has(outcome.failure)
    return !ended && !this.#toolless && !this.#abandoned && !this.#channel.stopping
  }

  #startCall(call: PendingCall): void {
    if (!this.#mayCall()) {
      this.#unmade.push(call.tool)
      return
    }
    let input: unknown
    try {
      input = readJson(call.input, this.asText)
    } catch {
      this.#channel.lose(violation('the input of a tool call that is not JSON'))
      return
    }
    this.#open++
    void this.asCaller(() => this.#answerCall(call, input))
  }

  /** Never rejects. `await` takes a promise whose own `then` throws, too. All of it in the caller's async
   *  context: `then`, which for lazy queries is what sends them, getters and `toJSON` are his code, too. */
  async #answerCall({ id, tool }: PendingCall, input: unknown): Promise<void> {
    let value: unknown
    try {
      value = await this.callTool(tool, input)
    } catch (error) {
      this.#refuse(id, error)
      return
    }
    this.#fulfil(id, value)
  }

  #fulfil(id: number, value: unknown): void {
    if (this.#over) {
      return
    }
    let json: string
    try {
      // JSON.stringify gives undefined for what has no JSON: a function, a symbol, undefined.
      json = (JSON.stringify(value) as string | undefined) ?? ''
    } catch (error) {
      this.#refuse(id, error)
      return
    }
    if (this.#isDeaf()) {
      return
    }
    if (this.#open > 1) {
      this.#answer(() => this.#channel.reply(id, json))
    } else {
      this.#open--
      this.#waits = false
      this.#channel.replyAndPump(id, json)
    }
  }

  #refuse(id: number, error: unknown): void {
    if (this.#over) {
      return
    }
    const failure = describeFailure(error)
    this.#answer(() => this.#channel.reject(id, failure))
  }

  /** Whether no answer goes in any more. To be asked when the user's code (toJSON, getters) has run. */
  #isDeaf(): boolean {
    return this.#over || this.#toolless
  }

  #answer(send: () => void): void {
    if (this.#isDeaf()) {
      return
    }
    this.#open--
    this.#waits = false
    try {
      send()
    } catch (error) {
      // The guest would wait for good.
      const message = error instanceof Error ? error.message : String(error)
      this.#channel.lose(hostFailure('host', 'HutchError', message))
      return
    }
    this.#pumpSoon()
  }

  /** Answers that come in one go are sent in one go before the guest is looked at again. */
  #pumpSoon(): void {
    if (this.#open === 0) {
      this.#channel.pump()
    } else if (!this.#pumpScheduled) {
      this.#pumpScheduled = true
      queueMicrotask(() => {
        this.#pumpScheduled = false
        this.#channel.pump()
      })
    }
  }
}
