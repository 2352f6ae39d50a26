/**
 * The tool calls that a context has handed to its caller, and which of them
 * have no answer yet. Ids go up from run to run, so that an answer which comes
 * too late is told from one that is a mistake.
 */
import { describeValue, HutchError, WRONG_STATE } from '../base/errors.js'

const ID_MOST = 0xffffffff

function checkId(id: unknown): asserts id is number {
  const expected = `id must be the id of a tool call, a whole number from 1 to ${ID_MOST}, `
  if (typeof id !== 'number') {
    throw new TypeError(`${expected}got ${describeValue(id)}`)
  }
  if (!Number.isInteger(id) || id < 1 || id > ID_MOST) {
    throw new RangeError(`${expected}got ${describeValue(id)}`)
  }
}

export class GivenCalls {
  readonly #open = new Set<number>()
  /** The first that the present run can have, and the last that was given. */
  #first = 1
  #last = 0
  #answers = 0

  /** How many answers there were so far. */
  get answers(): number {
    return this.#answers
  }

  /** A run begins: what was given so far is of runs before it. */
  beginRun(): void {
    // Clearing makes a new table, even where there is nothing in the old one.
    if (this.#open.size > 0) {
      this.#open.clear()
    }
    this.#first = this.#last + 1
  }

  give(id: number): void {
    this.#open.add(id)
    this.#last = id
  }

  /** Whether an answer is due; if not, it comes too late. Throws where it is a mistake. */
  isDue(id: unknown, isRunning: boolean): boolean {
    checkId(id)
    if (id > this.#last) {
      throw new RangeError(`id must be the id of a tool call that was given, got ${id}`)
    }
    if (!isRunning || id < this.#first) {
      return false
    }
    if (!this.#open.has(id)) {
      throw new HutchError(`the tool call ${id} has its answer already`, WRONG_STATE)
    }
    return true
  }

  noteAnswer(id: number): void {
    this.#answers++
    this.#open.delete(id)
  }
}
