/**
 * A channel to one context of the addon: starts programs, reads batches of
 * events and hands them to a sink.
 *
 * While a batch is read no code of the user's runs, because the header and the
 * batch's string are shared by all channels of the thread: sinks only note
 * what came, and act in `flush`.
 */
import { statusError } from './errors.js'
import { disposedFailure, type FailedEvent, type Failure, hostFailure } from './events.js'
import type { Hub } from './hub.js'
import { EventType, Header, type Native, NONE, Status } from './native.js'
import { afterTurn, isTurnOver, noteClock } from './turn.js'

/** Who listens to a run. Numbers and texts are as in the addon. */
export interface Sink {
  log(level: number, text: string): void
  call(id: number, tool: number, input: string): void
  done(json: string): void
  failed(failure: FailedEvent): void
  waiting(): void
  /** The batch has been read: the user's code may run from here on. Must not throw. */
  flush(): void
  /** The context may have something to read. */
  wake(): void
}

/** A safety net: channels to close when the collector has found that their owners are gone. */
const forgotten = new FinalizationRegistry<Channel>((channel) => channel.close())

export class Channel {
  readonly number: number
  readonly #hub: Hub
  readonly #native: Native
  readonly #header: Uint32Array
  #sink: Sink | undefined
  /** The program of the run, to show where it failed. */
  #code = ''
  #held = false
  #stopAsked = false
  #waitsForTurn = false
  #closed = false

  /** Open a context. Throws a TypeError that names a tool with a bad name, or a HutchError. */
  constructor(hub: Hub, settings: Float64Array, tools: readonly string[]) {
    const native = hub.native
    const joined = tools.join('\0')
    this.number = native.contextOpen(hub.number, settings, joined, tools.length)
    this.#hub = hub
    this.#native = native
    this.#header = native.header
    if (this.number === NONE) {
      // Names are joined by NULs, so the addon cannot tell which of them has one inside.
      const split = tools.find((name) => name.includes('\0'))
      throw split === undefined
        ? statusError(native, 'no context could be opened')
        : new TypeError(`tool ${JSON.stringify(split)}: a tool's name is an identifier`)
    }
    hub.add(this)
  }

  /** Close when `owner` is collected, should nobody close before. A run that somebody awaits has to
   *  hold its owner. */
  closeWith(owner: object): void {
    forgotten.register(owner, this, this)
  }

  get closed(): boolean {
    return this.#closed
  }

  get running(): boolean {
    return this.#sink !== undefined
  }

  get pid(): number {
    return this.#closed ? 0 : this.#native.contextPid(this.number)
  }

  /** Begin a program. Everything that happens, failing to start too, goes to the sink. */
  start(code: string, timeout: number, sink: Sink): void {
    if (this.#closed) {
      sink.failed(disposedFailure())
      sink.flush()
      return
    }
    this.#sink = sink
    this.#code = code
    this.#stopAsked = false
    if (isTurnOver(this.#clock())) {
      this.#afterTurn(() => this.#begin(code, timeout))
    } else {
      this.#begin(code, timeout)
    }
  }

  /** Read what there is, and what comes while the thread may look for it. */
  pump(): void {
    if (this.#sink === undefined || this.#waitsForTurn) {
      return
    }
    if (isTurnOver(this.#clock())) {
      this.#afterTurn(() => this.#read(this.#next()))
    } else {
      this.#read(this.#next())
    }
  }

  wake(): void {
    this.#sink?.wake()
  }

  /** Answer a tool call. @param json empty: undefined */
  reply(call: number, json: string): void {
    this.#native.contextReply(this.number, call, json)
    this.#checkAnswer()
  }

  reject(call: number, name: string, message: string, code: string): void {
    this.#native.contextReject(this.number, call, name, message, code)
    this.#checkAnswer()
  }

  stop(): void {
    if (!this.#closed && this.#sink !== undefined) {
      this.#stopAsked = true
      this.#native.contextStop(this.number)
    }
  }

  /** Give the context back. A run in progress ends as disposed. */
  close(): void {
    this.lose(disposedFailure())
  }

  /** Close the context because of a failure that the package itself found. */
  lose(failure: FailedEvent): void {
    if (this.#closed) {
      return
    }
    this.#closed = true
    forgotten.unregister(this)
    this.#hub.remove(this)
    this.#native.contextClose(this.number)
    const sink = this.#end()
    sink?.failed(failure)
    sink?.flush()
  }

  #clock(): number {
    return this.#header[Header.clock] as number
  }

  #afterTurn(action: () => void): void {
    this.#waitsForTurn = true
    this.#hold()
    afterTurn(() => {
      this.#waitsForTurn = false
      if (this.#sink !== undefined) {
        action()
      }
    })
  }

  #begin(code: string, timeout: number): void {
    let text: string | undefined
    try {
      text = this.#native.contextStart(this.number, code, timeout)
    } catch (error) {
      this.#fail(error)
      return
    }
    if (text === undefined) {
      this.#failToStart()
      return
    }
    if (this.#stopAsked) {
      this.#native.contextStop(this.number)
    }
    this.#read(text)
  }

  #failToStart(): void {
    if (this.#header[Header.status] === Status.disposed) {
      this.close()
    } else {
      this.#fail(statusError(this.#native, 'the program could not be started'))
    }
  }

  /** The next batch; undefined when it could not be had, and the run is over. */
  #next(): string | undefined {
    try {
      return this.#native.contextPump(this.number)
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  #read(text: string | undefined): void {
    const sink = this.#sink
    let batch = text
    while (batch !== undefined) {
      if (this.#header[Header.status] !== 0) {
        this.#fail(statusError(this.#native, 'the run was lost'))
        return
      }
      noteClock(this.#clock())
      this.#decode(batch)
      if (this.#sink === undefined || this.#header[Header.more] === 0) {
        break
      }
      if (isTurnOver(this.#clock())) {
        this.#afterTurn(() => this.#read(this.#next()))
        break
      }
      batch = this.#next()
    }
    if (this.#sink !== undefined) {
      this.#hold()
    }
    sink?.flush()
  }

  /** One batch; the records are described in the addon's batch.h. */
  #decode(text: string): void {
    const words = this.#header
    const sink = this.#sink as Sink
    let at: number = Header.batch
    let from = 0
    for (let left = words[Header.events] as number; left > 0; left--) {
      const type = words[at] as number
      if (type === EventType.toolCall) {
        const end = from + (words[at + 3] as number)
        sink.call(words[at + 1] as number, words[at + 2] as number, text.slice(from, end))
        from = end
        at += 4
      } else if (type === EventType.log) {
        const end = from + (words[at + 2] as number)
        sink.log(words[at + 1] as number, text.slice(from, end))
        from = end
        at += 3
      } else if (type === EventType.waiting) {
        sink.waiting()
        at += 1
      } else if (type === EventType.done) {
        this.#end()
        sink.done(text.slice(from, from + (words[at + 1] as number)))
        return
      } else {
        const code = this.#code
        this.#end()
        sink.failed(readFailure(this.#native, at, text, from, code))
        return
      }
    }
  }

  /** The run is over. */
  #end(): Sink | undefined {
    const sink = this.#sink
    this.#sink = undefined
    this.#code = ''
    if (this.#held) {
      this.#held = false
      this.#hub.release()
    }
    return sink
  }

  #hold(): void {
    if (!this.#held) {
      this.#held = true
      this.#hub.hold()
    }
  }

  /** An answer that the library could not take would leave the guest waiting for good. */
  #checkAnswer(): void {
    if (this.#header[Header.status] !== 0) {
      this.#fail(statusError(this.#native, 'a tool call could not be answered'))
    }
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.lose(hostFailure('host', 'HutchError', message))
  }
}

/** A FAILED record; `from` is where its texts begin, `program` what has failed. */
function readFailure(
  native: Native,
  at: number,
  text: string,
  from: number,
  program: string,
): FailedEvent {
  const words = native.header
  const texts: string[] = []
  let begin = from
  for (let i = 5; i < 9; i++) {
    const end = begin + (words[at + i] as number)
    texts.push(text.slice(begin, end))
    begin = end
  }
  const [name = '', message = '', stack = '', code = ''] = texts
  const line = words[at + 3] as number
  const column = words[at + 4] as number
  const excerpt = line > 0 ? native.excerpt(program, line, column) : ''
  return {
    type: 'failed',
    failure: (native.failures[words[at + 1] as number] ?? 'sandbox_violation') as Failure,
    usable: words[at + 2] === 1,
    name,
    message,
    ...(stack !== '' && { stack }),
    ...(code !== '' && { code }),
    ...(line > 0 && { line }),
    ...(column > 0 && { column }),
    ...(excerpt !== '' && { excerpt }),
  }
}
