/**
 * JSON that comes in pieces, because parsing all of it at once would hold the
 * event loop for as long as it has values; see the addon's pieces.h. The pieces
 * of all contexts share the turns of the loop.
 *
 * What is put together is what JSON.parse makes of the whole: of members with
 * the same name the last counts, at the place of the first.
 */
import { Header, Piece, PieceStep, SINGLE } from '../base/tables.js'
import { type Native, type NumberOf, unknownNumber } from './native.js'
import { type Sink, Whole } from './sink.js'
import { noteWork } from './turn.js'

type Container = unknown[] | Record<string, unknown>

/** As JSON.parse defines a member, whatever Object.prototype has under that name. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name in object && !Object.hasOwn(object, name)) {
    const attributes = { value, writable: true, enumerable: true, configurable: true }
    Object.defineProperty(object, name, attributes)
  } else {
    object[name] = value
  }
}

/** What a step costs of a turn, in values. */
const STEP_COST = 4

/** Puts JSON together, as text or as the value. */
export class Assembly {
  readonly isResult: boolean
  readonly #asText: boolean
  readonly #deliver: (sink: Sink, json: Whole) => void
  /** The containers that are open; the first one is ours, and the whole is its item. */
  readonly #open: Container[] = [[]]
  #text = ''

  constructor(asText: boolean, isResult: boolean, deliver: (sink: Sink, json: Whole) => void) {
    this.isResult = isResult
    this.#asText = asText
    this.#deliver = deliver
  }

  /** Fetch the next piece. Returns whether it was the last one. */
  take(native: Native, context: number): boolean {
    const text = native.contextPiece(context, this.#asText ? 1 : 0)
    const words = native.header
    const isSingle = words[Piece.records] === SINGLE
    const steps = isSingle ? 0 : (words[Piece.records] as number)
    noteWork(
      words[Header.began] as number,
      words[Header.clock] as number,
      0,
      text.length,
      (words[Header.values] as number) + steps * STEP_COST,
    )
    if (this.#asText) {
      this.#text += text
    } else if (isSingle) {
      this.#put('', JSON.parse(text))
    } else {
      this.#takeSteps(text, words, steps)
    }
    return words[Piece.isLast] === 1
  }

  deliver(sink: Sink): void {
    const value = this.#asText ? this.#text : (this.#open[0] as unknown[])[0]
    this.#deliver(sink, new Whole(value))
  }

  #takeSteps(text: string, words: Uint32Array, steps: number): void {
    let at: number = Piece.firstRecord
    let from = 0
    for (let left = steps; left > 0; left--) {
      from += words[at + 1] as number
      const end = from + (words[at + 2] as number)
      this.#step(words[at] as NumberOf<typeof PieceStep>, text.slice(from, end))
      from = end
      at += 3
    }
  }

  #step(kind: NumberOf<typeof PieceStep>, text: string): void {
    switch (kind) {
      case PieceStep.items:
        this.#addItems(text)
        break
      case PieceStep.close:
        this.#open.pop()
        break
      case PieceStep.array:
        this.#openContainer(text, [])
        break
      case PieceStep.object:
        this.#openContainer(text, {})
        break
      default:
        unknownNumber('a step of JSON', kind)
    }
  }

  #openContainer(name: string, container: Container): void {
    this.#put(name, container)
    this.#open.push(container)
  }

  #top(): Container {
    return this.#open.at(-1) as Container
  }

  /** @param name the JSON of a member's name */
  #put(name: string, value: unknown): void {
    const top = this.#top()
    if (Array.isArray(top)) {
      top.push(value)
    } else {
      define(top, JSON.parse(name), value)
    }
  }

  #addItems(text: string): void {
    const top = this.#top()
    if (this.#open.length === 1) {
      this.#put('', JSON.parse(text))
      return
    }
    if (Array.isArray(top)) {
      for (const item of JSON.parse(`[${text}]`)) {
        top.push(item)
      }
      return
    }
    const members = JSON.parse(`{${text}}`)
    for (const name of Object.keys(members)) {
      define(top, name, members[name])
    }
  }
}
