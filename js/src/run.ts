/**
 * One run of a program whose tool calls are answered by functions: what
 * `Context.run` and the TanStack driver have in common.
 *
 * Invariants: it finishes once, after all logs; nothing that a tool
 * does, throws or returns, and at whatever time, throws out of here or becomes
 * an unhandled rejection; answers of a run that is over are dropped.
 */
import type { Channel, Sink } from './channel.js'
import { describeFailure } from './errors.js'
import { type FailedEvent, hostFailure, violation } from './events.js'

interface PendingCall {
  readonly id: number
  readonly tool: number
  readonly input: string
}

export abstract class ProgramRun implements Sink {
  readonly #channel: Channel
  #calls: PendingCall[] = []
  #outcome: FailedEvent | string | undefined
  #open = 0
  #over = false
  #pumpScheduled = false

  constructor(channel: Channel) {
    this.#channel = channel
  }

  /** The guest wrote to its console: note it, run nothing of the user's. */
  abstract log(level: number, text: string): void
  /** Call a tool. Whatever it returns, throws or rejects with is dealt with. */
  protected abstract callTool(tool: number, input: unknown): unknown
  /** What has been noted may be acted on. Must not throw. */
  protected abstract act(): void
  /** The end; one of these two, once. Must not throw. */
  protected abstract finishDone(value: unknown): void
  protected abstract finishFailed(failure: FailedEvent): void

  call(id: number, tool: number, input: string): void {
    this.#calls.push({ id, tool, input })
  }

  done(json: string): void {
    this.#outcome = json
  }

  failed(failure: FailedEvent): void {
    this.#outcome = failure
  }

  waiting(): void {}

  wake(): void {
    this.#channel.pump()
  }

  flush(): void {
    if (this.#over) {
      return
    }
    this.#over = this.#outcome !== undefined
    this.act()
    if (this.#outcome !== undefined) {
      this.#finish(this.#outcome)
    } else if (this.#calls.length > 0) {
      const calls = this.#calls
      this.#calls = []
      for (const call of calls) {
        this.#startCall(call)
      }
    }
  }

  #finish(outcome: FailedEvent | string): void {
    if (typeof outcome !== 'string') {
      this.finishFailed(outcome)
      return
    }
    let value: unknown
    try {
      value = outcome === '' ? undefined : JSON.parse(outcome)
    } catch {
      this.#channel.close()
      this.finishFailed(violation('a result that is no JSON'))
      return
    }
    this.finishDone(value)
  }

  #startCall(call: PendingCall): void {
    if (this.#over) {
      return
    }
    let input: unknown
    try {
      input = JSON.parse(call.input)
    } catch {
      this.#channel.lose(violation('the input of a tool call that is no JSON'))
      return
    }
    this.#open++
    this.#settle(call.tool, input).then(
      (value) => this.#fulfil(call.id, value),
      (error: unknown) => this.#refuse(call.id, error),
    )
  }

  /** Promise.resolve() reads properties of what the tool returned, which may throw as well. */
  #settle(tool: number, input: unknown): Promise<unknown> {
    try {
      return Promise.resolve(this.callTool(tool, input))
    } catch (error) {
      return Promise.reject(error)
    }
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
    this.#answer(() => this.#channel.reply(id, json))
  }

  #refuse(id: number, error: unknown): void {
    if (this.#over) {
      return
    }
    const { name, message, code } = describeFailure(error)
    this.#answer(() => this.#channel.reject(id, name, message, code))
  }

  /** The user's code (toJSON, getters) has run since the last look at `#over`. */
  #answer(send: () => void): void {
    if (this.#over) {
      return
    }
    this.#open--
    try {
      send()
    } catch (error) {
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
