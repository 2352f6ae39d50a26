/**
 * The events of a run for somebody who asks for them one by one. What a
 * context has beyond one batch is not read before it is asked for, so a guest
 * that makes events faster than they are taken has to wait.
 */

import type { Channel } from '../addon/channel.js'
import { type Json, readJson, type Sink } from '../addon/sink.js'
import {
  disposedFailure,
  type FailedEvent,
  type HutchEvent,
  levelOf,
  violation,
} from '../base/events.js'
import type { GivenCalls } from './calls.js'

type Taker = (event: HutchEvent | undefined) => void

/** An event whose JSON has not been looked at. */
interface Sealed {
  readonly json: Json
  open(value: unknown): HutchEvent
}

/** The guest waited, when there had been so many answers. */
interface Pause {
  readonly answers: number
}

export class Mailbox implements Sink {
  readonly #channel: Channel
  readonly #tools: readonly string[]
  readonly #calls: GivenCalls
  #events: (HutchEvent | Sealed | Pause)[] = []
  #takers: Taker[] = []
  #over = false
  /** The run is about to end: what is left of it is read unasked, so that a run that nobody reads does
   *  not keep the process alive, nor hold what others wait for. It is little: its worker writes no more
   *  than it has begun. */
  #ending = false

  readonly asText: boolean

  /** @param calls learns of each call that is taken */
  constructor(channel: Channel, tools: readonly string[], calls: GivenCalls, asText: boolean) {
    this.#channel = channel
    this.asText = asText
    this.#tools = tools
    this.#calls = calls
  }

  /** Whether the run is over and its last event has been taken. */
  get isEmpty(): boolean {
    return this.#over && this.#events.length === 0
  }

  /** The next event; undefined after the one that ended the run. */
  take(): Promise<HutchEvent | undefined> {
    return new Promise((resolve) => {
      this.#takers.push(resolve)
      this.#dropStale()
      if (this.#events.length === 0) {
        this.#channel.pump()
      }
      this.flush()
    })
  }

  log(level: number, text: string): void {
    this.#events.push({ type: 'log', level: levelOf(level), text })
  }

  call(id: number, tool: number, json: Json): void {
    const name = this.#tools[tool]
    if (name === undefined) {
      throw new Error(`the addon sent a call of a tool that does not exist: ${tool}`)
    }
    this.#events.push({ json, open: (input) => ({ type: 'tool_call', id, name, input }) })
  }

  done(json: Json): void {
    this.#over = true
    this.#events.push({ json, open: (value) => ({ type: 'done', value }) })
  }

  failed(failure: FailedEvent): void {
    this.#over = true
    this.#events.push(failure)
  }

  waiting(): void {
    this.#events.push({ answers: this.#calls.answers })
  }

  /** What it waited for may have been answered since: then it waits no more, or says so again. */
  #dropStale(): void {
    const first = this.#events[0]
    if (first !== undefined && 'answers' in first && first.answers !== this.#calls.answers) {
      this.#events.shift()
    }
  }

  wake(): void {
    this.#ending ||= this.#takers.length === 0 && this.#channel.ending
    if (this.wantsMore()) {
      this.#channel.pump()
    }
  }

  /** Whoever asks gets each call, also when he has asked the program to stop. */
  skipsInputs(): boolean {
    return false
  }

  wantsMore(): boolean {
    return this.#ending || this.#takers.length > 0
  }

  flush(): void {
    this.#dropIfDisposed()
    while (this.#takers.length > 0) {
      const event = this.#events.shift()
      if (event !== undefined) {
        this.#takers.shift()?.(this.#make(event))
      } else if (this.#over) {
        this.#takers.shift()?.(undefined)
      } else {
        return
      }
    }
  }

  /** The context was closed, and whoever asks hears of that, whatever had been read by then: how much
   *  that is depends on the moment. */
  #dropIfDisposed(): void {
    if (this.#channel.disposed && !this.isEmpty) {
      this.#events = [disposedFailure()]
      this.#over = true
    }
  }

  #make(event: HutchEvent | Sealed | Pause): HutchEvent {
    if ('answers' in event) {
      return { type: 'waiting' }
    }
    return 'open' in event ? this.#open(event) : event
  }

  #open(event: Sealed): HutchEvent {
    try {
      const opened = event.open(readJson(event.json, this.asText))
      if (opened.type === 'tool_call') {
        this.#calls.give(opened.id)
      }
      return opened
    } catch {
      const failure = violation('JSON that is none')
      this.#channel.lose(failure)
      this.#events = []
      this.#over = true
      return failure
    }
  }
}
