/**
 * A pool of the addon and the channels to its contexts: hears the bell and
 * tells each channel that has something to read. The addon holds it only while a run is in progress, and
 * closes its pool when it has been collected.
 *
 * The pool keeps the process alive while a run is in progress, so that an
 * awaited execute is not cut off, and only then.
 */

import { Header, NONE } from '../base/tables.js'
import { Heartbeat } from './heartbeat.js'
import { loadNative, type Native, type OnWake } from './native.js'
import { poolSetting } from './options.js'
import { statusError } from './status.js'
import { awaitTurn, type Client, noteWork } from './turn.js'

/** A channel, as its hub knows it. */
export interface Woken {
  readonly number: number
  /** There may be something to read. */
  wake(): void
  close(): void
}

export class Hub implements Client {
  readonly native: Native
  readonly number: number
  /** The most that a context may have, in MB. */
  readonly maxMemoryLimit: number
  readonly #channels = new Map<number, Woken>()
  readonly #heartbeat = new Heartbeat()
  /** Contexts with news that another copy of the package was told of. */
  readonly #passedOn = new Set<number>()
  /** Held here and nowhere else: as long as somebody has the hub. */
  readonly #onWake: OnWake = (context) => {
    if (context !== undefined) {
      this.#passedOn.add(context)
    }
    this.#wake()
  }
  readonly #isBusy = (): boolean => this.#busy > 0 && !this.#closed
  #busy = 0
  #closed = false
  #isWaiting = false

  /**
   * @param workerPath  '': the worker program inside the addon
   * @param isShared  of the pool that all copies of the package share; it has the standard
   *   settings, is made when it is needed, and again when another copy has closed it
   */
  constructor(settings: Float64Array, workerPath: string, isShared: boolean) {
    const native = loadNative()
    this.native = native
    this.maxMemoryLimit = poolSetting(settings, 'maxMemoryLimit')
    this.number = isShared
      ? native.poolShare(this.#onWake)
      : native.poolCreate(this.#onWake, workerPath, settings)
    if (native.header[Header.status] !== 0) {
      throw statusError(native, 'no pool could be made')
    }
  }

  get closed(): boolean {
    return this.#closed
  }

  warm(): void {
    this.native.poolWarm(this.number)
    if (this.native.header[Header.status] !== 0) {
      throw statusError(this.native, 'the pool could not be warmed')
    }
  }

  /** Bits of the layers that are on, as in the addon's table. */
  confinement(): number {
    const bits = this.native.poolConfinement(this.number)
    if (this.native.header[Header.status] !== 0) {
      throw statusError(this.native, 'the confinement is not known')
    }
    return bits
  }

  add(channel: Woken): void {
    this.#channels.set(channel.number, channel)
  }

  remove(channel: Woken): void {
    this.#channels.delete(channel.number)
  }

  /** A run goes on beyond this turn of the event loop. */
  hold(): void {
    if (this.#busy++ === 0) {
      this.native.poolHold(this.number, 1)
      this.#heartbeat.start(this.#isBusy)
    }
  }

  /** It has ended. */
  release(): void {
    if (--this.#busy === 0 && !this.#closed) {
      this.native.poolHold(this.number, 0)
    }
  }

  /** Every run in progress ends as disposed. */
  close(): void {
    if (this.#closed) {
      return
    }
    this.#closed = true
    for (const channel of [...this.#channels.values()]) {
      channel.close()
    }
    this.native.poolClose(this.number)
  }

  #wake(): void {
    if (!this.#isWaiting) {
      this.#isWaiting = true
      awaitTurn(this)
    }
  }

  /** One context with news has its turn. The pool rings again only after it has been asked until there
   *  was nothing more: so this comes back by itself, after the others. */
  serve(): void {
    this.#isWaiting = false
    if (this.#closed) {
      return
    }
    const number = this.#nextWithNews()
    if (number === NONE) {
      return
    }
    const clock = this.native.header[Header.clock] as number
    noteWork(clock, clock, 0, 0, 0)
    try {
      this.#channels.get(number)?.wake()
    } finally {
      this.#wake()
    }
  }

  #nextWithNews(): number {
    for (const number of this.#passedOn) {
      this.#passedOn.delete(number)
      return number
    }
    return this.native.poolPoll(this.number)
  }
}
