/**
 * A channel to one context of the addon: starts programs, reads batches of
 * events and hands them to a sink.
 *
 * While a batch is read no code of the user's runs, because the header and the
 * batch's string are shared by all channels of the thread: sinks only note
 * what came, and act in `flush`.
 */

import { HutchError, type ToolFailure } from '../base/errors.js'
import { disposedFailure, type FailedEvent, failureOf, hostFailure } from '../base/events.js'
import { EventType, Header, IN_PIECES, More, NONE, Status } from '../base/tables.js'
import { jsonInLine } from '../base/terminal.js'
import { Assembly } from './assembly.js'
import type { Hub } from './hub.js'
import { type Native, type NumberOf, unknownNumber } from './native.js'
import type { Sink } from './sink.js'
import { statusError } from './status.js'
import { awaitTurn, beforeTurnEnds, type Client, mayGoOn, noteAnswer, noteWork } from './turn.js'

/** A safety net: channels to close when the collector has found that their owners are gone. */
const forgotten = new FinalizationRegistry<Channel>((channel) => channel.close())

export class Channel implements Client {
  readonly number: number
  readonly #hub: Hub
  readonly #native: Native
  readonly #header: Uint32Array
  #sink: Sink | undefined
  /** JSON whose pieces are being fetched: nothing else of the run is read until they have come. */
  #assembly: Assembly | undefined
  /** The program of the run, to show where it failed. */
  #code = ''
  #held = false
  #stopAsked = false
  /** The guest waits, and its worker has not been told to ring. */
  #owesListen = false
  #isListed = false
  /** What is to be done when it is this one's turn; undefined: it does not wait for one. */
  #step: (() => void) | undefined
  #closed = false
  #disposed = false

  /**
   * Open a context. Throws a TypeError that names a tool with a bad name, or a HutchError.
   *
   * @param bindings  what each tool is called in programs; empty: by the rule
   */
  constructor(
    hub: Hub,
    settings: Float64Array,
    tools: readonly string[],
    bindings: readonly string[] = [],
  ) {
    const native = hub.native
    const joined = tools.join('\0')
    const count = tools.length
    this.number = native.contextOpen(hub.number, settings, joined, count, bindings.join('\0'))
    this.#hub = hub
    this.#native = native
    this.#header = native.header
    if (this.number === NONE) {
      // Names are joined by NULs, so the addon cannot tell which of them has one inside.
      const split = tools.find((name) => name.includes('\0'))
      throw split === undefined
        ? statusError(native, 'no context could be opened')
        : new TypeError(`tool name ${jsonInLine(split)}: expected a name without NUL`)
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

  /** Whether the run has been asked to stop. */
  get stopping(): boolean {
    return this.#stopAsked
  }

  get pid(): number {
    return this.#closed ? 0 : this.#native.contextPid(this.number)
  }

  /** Whether the run ends soon, whatever its guest does: by its deadline, or the loss of its worker. */
  get ending(): boolean {
    return this.running && this.#native.contextIsEnding(this.number) === 1
  }

  readonly #readOn = (): void => this.#read(this.#ask(false))

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
    this.#owesListen = false
    if (mayGoOn()) {
      this.#begin(code, timeout)
    } else {
      this.#await(() => this.#begin(code, timeout))
    }
  }

  /** Read what there is, and what comes while the thread may look for it. */
  pump(): void {
    if (this.#mayPump()) {
      this.#take(this.#readOn)
    }
  }

  #mayPump(): boolean {
    return this.#sink !== undefined && this.#step === undefined && this.#assembly === undefined
  }

  wake(): void {
    this.#sink?.wake()
  }

  /** Answer a tool call. Throws when the library does not take the answer: the call then still waits
   *  for one. @param json empty: undefined */
  reply(call: number, json: string): void {
    this.#native.contextReply(this.number, call, json)
    this.#checkAnswer()
  }

  /** Answer the last tool call that was due, and read on. Fails the run where `reply` would throw. Both
   *  at once where it may go on, because each crossing into the addon costs as much as a small call. */
  replyAndPump(call: number, json: string): void {
    noteAnswer()
    if (!this.#mayPump() || !mayGoOn()) {
      this.#replyThenPump(call, json)
      return
    }
    this.#owesListen = false
    let batch: string | undefined
    try {
      batch = this.#native.contextReplyAndPump(this.number, call, json)
      if (batch === undefined) {
        this.#checkStatus()
      }
    } catch (error) {
      this.#fail(error)
      return
    }
    this.#read(batch)
  }

  #replyThenPump(call: number, json: string): void {
    try {
      this.#native.contextReply(this.number, call, json)
      this.#checkStatus()
    } catch (error) {
      this.#fail(error)
      return
    }
    this.pump()
  }

  reject(call: number, { name, message, code, reasons }: ToolFailure): void {
    this.#native.contextReject(this.number, call, name, message, code, reasons)
    this.#checkAnswer()
  }

  stop(): void {
    if (!this.#closed && this.#sink !== undefined) {
      this.#stopAsked = true
      this.#native.contextStop(this.number)
    }
  }

  /** Whether it was closed by the owner, or with the pool, and not lost. */
  get disposed(): boolean {
    return this.#disposed
  }

  /** Give the context back. A run in progress ends as disposed. */
  close(): void {
    this.#disposed ||= !this.#closed
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

  /** It is this one's turn. */
  serve(): void {
    const step = this.#step
    this.#step = undefined
    if (this.#sink !== undefined) {
      step?.()
    }
  }

  /** Do it now, or when it is this one's turn. */
  #take(step: () => void): void {
    if (mayGoOn()) {
      step()
    } else {
      this.#await(step)
    }
  }

  #await(step: () => void): void {
    this.#step = step
    this.#hold()
    awaitTurn(this)
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
    const status = this.#header[Header.status]
    const error = statusError(this.#native, 'the program could not be started')
    if (status === Status.disposed) {
      this.close()
    } else if (status === Status.unavailable && error instanceof HutchError) {
      this.#refuse(error)
    } else {
      this.#fail(error)
    }
  }

  /** Nothing has begun: the context is as it was. */
  #refuse(error: HutchError): void {
    const failure = hostFailure('host', error.name, error.message)
    const sink = this.#end()
    sink?.failed({ ...failure, usable: true, code: error.code })
    sink?.flush()
  }

  readonly #listen = (): void => this.#read(this.#ask(true))

  /** The next batch; undefined when it could not be had, and the run is over.
   *  @param only  listen: look for nothing */
  #ask(only: boolean): string | undefined {
    this.#owesListen = false
    try {
      return only ? this.#native.contextListen(this.number) : this.#native.contextPump(this.number)
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  /** One batch, and what follows from it. */
  #read(batch: string | undefined): void {
    const sink = this.#sink
    if (batch === undefined || sink === undefined) {
      return
    }
    const words = this.#header
    if (words[Header.status] !== 0) {
      this.#fail(statusError(this.#native, 'the run was lost'))
      return
    }
    noteWork(
      words[Header.began] as number,
      words[Header.clock] as number,
      words[Header.events] as number,
      batch.length,
      sink.asText ? 0 : (words[Header.values] as number),
    )
    try {
      this.#decode(batch)
    } catch (error) {
      this.#fail(error)
      return
    }
    const isOver = this.#sink === undefined
    const isMore = !isOver && words[Header.more] === More.now
    this.#owesListen = !isOver && words[Header.more] === More.later
    if (!isOver) {
      this.#hold()
    }
    sink.flush()
    if (this.#owesListen) {
      this.#listenLater()
    }
    this.#goOn(sink, isMore)
  }

  /** The guest waits for an answer that has not come with the batch's own promise jobs. If it comes in
   *  this turn, reading on after it will do. */
  #listenLater(): void {
    if (!this.#isListed) {
      this.#isListed = true
      beforeTurnEnds(this)
    }
  }

  /** The turn ends: have the worker ring, if that has not been done by reading on. */
  endTurn(): void {
    this.#isListed = false
    if (this.#owesListen && this.#mayPump()) {
      this.#take(this.#listen)
    }
  }

  /** Fetch the pieces of JSON that comes in pieces, or read on. */
  #goOn(sink: Sink, isMore: boolean): void {
    if (this.#assembly !== undefined) {
      this.#await(this.#takePiece)
    } else if (isMore && this.#sink === sink && this.#step === undefined && sink.wantsMore()) {
      this.#await(this.#readOn)
    }
  }

  /** One piece. */
  readonly #takePiece = (): void => {
    const assembly = this.#assembly as Assembly
    if (!assembly.isResult && this.#sink?.skipsInputs()) {
      // Nobody is called with it: that it was made is all that is told.
      this.#deliver(assembly)
      return
    }
    let isWhole: boolean
    try {
      isWhole = assembly.take(this.#native, this.number)
    } catch (error) {
      this.#fail(error)
      return
    }
    if (isWhole) {
      this.#deliver(assembly)
    } else {
      this.#await(this.#takePiece)
    }
  }

  /** JSON that came in pieces is whole. */
  #deliver(assembly: Assembly): void {
    const sink = this.#sink as Sink
    this.#assembly = undefined
    if (assembly.isResult) {
      this.#end()
    }
    assembly.deliver(sink)
    sink.flush()
    this.#goOn(sink, !assembly.isResult)
  }

  /** One batch; the records are described in the addon's batch.h. Throws where they are none. */
  #decode(text: string): void {
    const words = this.#header
    const sink = this.#sink as Sink
    let at: number = Header.batch
    let from = 0
    for (let left = words[Header.events] as number; left > 0; left--) {
      // A batch has none that is nothing.
      const type = words[at] as Exclude<NumberOf<typeof EventType>, typeof EventType.none>
      switch (type) {
        case EventType.toolCall: {
          const id = words[at + 1] as number
          const tool = words[at + 2] as number
          const length = words[at + 3] as number
          if (length === IN_PIECES) {
            this.#assembly = new Assembly(sink.asText, false, (to, json) => to.call(id, tool, json))
            return
          }
          sink.call(id, tool, text.slice(from, from + length))
          from += length
          at += 4
          break
        }
        case EventType.log: {
          const end = from + (words[at + 2] as number)
          sink.log(words[at + 1] as number, text.slice(from, end))
          from = end
          at += 3
          break
        }
        case EventType.waiting:
          sink.waiting()
          at += 1
          break
        case EventType.done:
          if (words[at + 1] === IN_PIECES) {
            this.#assembly = new Assembly(sink.asText, true, (to, json) => to.done(json))
            return
          }
          this.#end()
          sink.done(text.slice(from, from + (words[at + 1] as number)))
          return
        case EventType.failed: {
          const failure = readFailure(this.#native, at, text, from, this.#code)
          this.#end()
          sink.failed(failure)
          return
        }
        default:
          unknownNumber('an event', type)
      }
    }
  }

  /** The run is over. */
  #end(): Sink | undefined {
    const sink = this.#sink
    this.#sink = undefined
    this.#assembly = undefined
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

  #checkAnswer(): void {
    noteAnswer()
    this.#checkStatus()
  }

  #checkStatus(): void {
    if (this.#header[Header.status] !== 0) {
      throw statusError(this.#native, 'a tool call could not be answered')
    }
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.lose(hostFailure('host', 'HutchError', message))
  }
}

/** A FAILED record, or throws; `from` is where its texts begin, `program` what has failed. */
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
  const failure = failureOf(words[at + 1] as number)
  const [name = '', message = '', stack = '', code = ''] = texts
  const line = words[at + 3] as number
  const column = words[at + 4] as number
  const excerpt = line > 0 ? native.excerpt(program, line, column) : ''
  return {
    type: 'failed',
    failure,
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
