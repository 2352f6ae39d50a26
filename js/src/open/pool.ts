/// <reference lib="esnext.disposable" preserve="true" />
/**
 * A pool of confined worker processes, as the low-level interface gives it.
 */

import { Hub } from '../addon/hub.js'
import { loadNative } from '../addon/native.js'
import {
  boundMemory,
  checkOption,
  contextOption,
  contextSettings,
  ISOLATE_OPTION_NAMES,
  type IsolateOptions,
  namesOf,
  POOL_OPTION_NAMES,
  type PoolOptions,
  poolSettings,
  readOptions,
  textOption,
} from '../addon/options.js'
import { describeValue } from '../base/errors.js'
import { readProperty } from '../base/own.js'
import { LAYERS } from '../base/tables.js'
import { jsonInLine } from '../base/terminal.js'
import { Context, type ContextOptions } from './context.js'
import { TrustDomains } from './domains.js'
import { readTools } from './tools.js'

/** What a pool holds at the moment. */
export interface PoolStats {
  /** Open contexts. */
  readonly contexts: number
  /** Live workers, idle and spare ones included. */
  readonly workers: number
  /** Workers that are ready for their next context. */
  readonly idle: number
  /** Workers since the pool was made: forked, killed by the pool, and ended otherwise. */
  readonly workersForked: number
  readonly workersKilled: number
  readonly workersDied: number
  /** Process id of the zygote, 0 before it has started. */
  readonly zygotePid: number
  /** Bytes held for all contexts, as `maxHeldSize` counts them. */
  readonly heldBytes: number
}

/** One layer of what holds the workers. */
export interface ConfinementLayer {
  /** As in `hutch doctor`: `seccomp`, `network-namespace`, … */
  readonly name: string
  readonly on: boolean
  /** Workers never run without it. */
  readonly required: boolean
  /** What it stops, in a few words. */
  readonly stops: string
}

/** What holds the workers of a pool. */
export interface Confinement {
  /** Every required layer is on. */
  readonly complete: boolean
  readonly layers: readonly ConfinementLayer[]
}

/** How a pool with these options is made; a copy, as readOptions() makes it. Throws where they are wrong. */
export function readPoolOptions(own: PoolOptions): { settings: Float64Array; workerPath: string } {
  const { workerPath = '' } = own
  if (typeof workerPath !== 'string') {
    throw new TypeError(`workerPath must be a string, got ${describeValue(workerPath)}`)
  }
  if (workerPath.includes('\0')) {
    const shown = jsonInLine(workerPath.slice(0, 256))
    throw new TypeError(`workerPath must be the path of a file, without NUL, got ${shown}`)
  }
  return { settings: poolSettings(own), workerPath }
}

const CONTEXT_OPTION_NAMES = [
  ...ISOLATE_OPTION_NAMES,
  ...namesOf<Omit<ContextOptions, keyof IsolateOptions>>({
    tools: true,
    trustDomain: true,
    values: true,
  }),
]

/** What the drivers need of a pool. */
export interface PoolInside {
  readonly hub: Hub
  readonly domains: TrustDomains
}

/** Under this pools have it. A process may have more than one copy of the package, each with a
 *  class Pool of its own; those of the same version know each other's pools. */
const insideKey = (): symbol => Symbol.for(`@hutch/isolate ${loadNative().version} pool`)

/** The inside of a pool, of whatever copy of this version; undefined: it is none. */
export function insideOf(value: unknown): PoolInside | undefined {
  const isObject = typeof value === 'object' && value !== null
  return isObject ? readProperty(value as Record<symbol, PoolInside>, insideKey()) : undefined
}

/**
 * Contexts and their workers. Does not keep the process alive while no program
 * runs, and leaves no process behind when it ends.
 */
export class Pool {
  readonly #hub: Hub
  readonly #domains: TrustDomains

  /** @internal */
  constructor(options: PoolOptions, domains = new TrustDomains(), isShared = false) {
    const own = readOptions('the options of a pool', options, POOL_OPTION_NAMES)
    const { settings, workerPath } = readPoolOptions(own)
    this.#hub = new Hub(settings, workerPath, isShared)
    this.#domains = domains
    const inside: PoolInside = { hub: this.#hub, domains }
    Object.defineProperty(this, insideKey(), { value: inside })
  }

  get closed(): boolean {
    return this.#hub.closed
  }

  /** Start the processes now instead of at the first context. */
  warm(): void {
    this.#hub.warm()
  }

  /**
   * Open a context.
   *
   * @throws TypeError or RangeError that names the option or the tool; HutchError when the pool is
   *   full or the system refuses a process
   */
  open(options: ContextOptions = {}): Context {
    const own = readOptions('the options of a context', options, CONTEXT_OPTION_NAMES)
    const { trustDomain = 0 } = own
    if (typeof trustDomain !== 'string' && typeof trustDomain !== 'number') {
      throw new TypeError(
        `trustDomain must be a name or a whole number, got ${describeValue(trustDomain)}`,
      )
    }
    const domain =
      typeof trustDomain === 'string'
        ? this.#domains.numberOf(trustDomain)
        : checkOption(contextOption('trustDomain'), trustDomain)
    const settings = contextSettings(own, domain)
    boundMemory(settings, own.memoryLimit, this.#hub.maxMemoryLimit)
    return new Context(this.#hub, settings, readTools(own.tools), textOption(own, false))
  }

  stats(): PoolStats {
    const values = this.#hub.native.poolStats(this.#hub.number)
    const at = (index: number): number => values[index] ?? 0
    return {
      contexts: at(0),
      workers: at(1),
      idle: at(2),
      workersForked: at(3),
      workersKilled: at(4),
      workersDied: at(5),
      zygotePid: at(6),
      heldBytes: at(7),
    }
  }

  /**
   * Which layers of confinement are on; some need what not every system gives an ordinary user.
   * Starts the zygote if there is none, and waits for it: some milliseconds the first time.
   *
   * @throws HutchError when no worker can be started here
   */
  confinement(): Confinement {
    const bits = this.#hub.confinement()
    const layers = LAYERS.map(({ name, bit, required, stops }) => ({
      name,
      on: (bits & bit) !== 0,
      required,
      stops,
    }))
    return { complete: layers.every((layer) => layer.on || !layer.required), layers }
  }

  /** Close all contexts and end all processes. */
  close(): void {
    this.#hub.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** Make a pool. Its processes start with the first context, or at `warm`. */
export function createPool(options: PoolOptions = {}): Pool {
  return new Pool(options)
}
