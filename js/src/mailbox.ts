/**
 * The events of a run for somebody who asks for them one by one. What a
 * context has beyond one batch is not read before it is asked for, so a guest
 * that makes events faster than they are taken has to wait.
 */
import type { Channel, Sink } from './channel.js'
import { type FailedEvent, type HutchEvent, LOG_LEVELS, violation } from './events.js'

type Taker = (event: HutchEvent | undefined) => void

/** An event whose JSON has not been looked at. */
interface Sealed {
  readonly json: string
  open(value: unknown): HutchEvent
}

export class Mailbox implements Sink {
  readonly #channel: Channel
  readonly #tools: readonly string[]
  #events: (HutchEvent | Sealed)[] = []
  #takers: Taker[] = []
  #over = false

  constructor(channel: Channel, tools: readonly string[]) {
    this.#channel = channel
    this.#tools = tools
  }

  /** The next event; undefined after the one that ended the run. */
  take(): Promise<HutchEvent | undefined> {
    return new Promise((resolve) => {
      this.#takers.push(resolve)
      if (this.#events.length === 0) {
        this.#channel.pump()
      }
      this.flush()
    })
  }

  log(level: number, text: string): void {
    this.#events.push({ type: 'log', level: LOG_LEVELS[level] ?? 'log', text })
  }

  call(id: number, tool: number, json: string): void {
    const name = this.#tools[tool] ?? ''
    this.#events.push({ json, open: (input) => ({ type: 'tool_call', id, name, input }) })
  }

  done(json: string): void {
    this.#over = true
    this.#events.push({ json, open: (value) => ({ type: 'done', value }) })
  }

  failed(failure: FailedEvent): void {
    this.#over = true
    this.#events.push(failure)
  }

  waiting(): void {
    this.#events.push({ type: 'waiting' })
  }

  wake(): void {
    if (this.#takers.length > 0) {
      this.#channel.pump()
    }
  }

  flush(): void {
    while (this.#takers.length > 0) {
      const event = this.#events.shift()
      if (event !== undefined) {
        this.#takers.shift()?.('open' in event ? this.#open(event) : event)
      } else if (this.#over) {
        this.#takers.shift()?.(undefined)
      } else {
        return
      }
    }
  }

  #open(event: Sealed): HutchEvent {
    try {
      return event.open(event.json === '' ? undefined : JSON.parse(event.json))
    } catch {
      const failure = violation('JSON that is none')
      this.#channel.lose(failure)
      this.#events = []
      this.#over = true
      return failure
    }
  }
}
