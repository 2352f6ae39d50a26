/**
 * A pool of the addon and the channels to its contexts: hears the bell and
 * tells each channel that has something to read.
 *
 * The pool keeps the process alive while a run is in progress, so that an
 * awaited execute is not cut off, and only then.
 */
import type { Channel } from './channel.js'
import { statusError } from './errors.js'
import { Heartbeat } from './heartbeat.js'
import { Header, loadNative, type Native, NONE } from './native.js'
import { beginTurn } from './turn.js'

/** How a pool is made; `PoolOptions` after its checks. */
export interface HubSettings {
  readonly workerPath: string
  readonly maxWorkers: number
  readonly maxIdle: number
  readonly spare: number
  readonly maxSpare: number
  readonly killGrace: number
}

export const HUB_DEFAULTS: HubSettings = {
  workerPath: '',
  maxWorkers: 1024,
  maxIdle: 4,
  spare: 1,
  maxSpare: 64,
  killGrace: 50,
}

export class Hub {
  readonly native: Native
  readonly number: number
  readonly #channels = new Map<number, Channel>()
  readonly #heartbeat = new Heartbeat()
  readonly #isBusy = (): boolean => this.#busy > 0 && !this.#closed
  #busy = 0
  #closed = false

  constructor(settings: HubSettings) {
    const native = loadNative()
    this.native = native
    this.number = native.poolCreate(
      () => this.#wake(),
      settings.workerPath,
      settings.maxWorkers,
      settings.maxIdle,
      settings.spare,
      settings.maxSpare,
      settings.killGrace,
    )
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

  add(channel: Channel): void {
    this.#channels.set(channel.number, channel)
  }

  remove(channel: Channel): void {
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

  /** The pool rings again only after it has been asked until there was nothing more. */
  #wake(): void {
    beginTurn()
    while (!this.#closed) {
      const number = this.native.poolPoll(this.number)
      if (number === NONE) {
        return
      }
      try {
        this.#channels.get(number)?.wake()
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
