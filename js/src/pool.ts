/**
 * A pool of confined worker processes, as the low-level interface gives it.
 */
import { Context, type ContextOptions } from './context.js'
import { TrustDomains } from './domains.js'
import { describeValue } from './errors.js'
import { HUB_DEFAULTS, Hub } from './hub.js'
import { checkNames, isolateOptionNames, settingsOf, wholeOption } from './options.js'

/** What a pool is made with. */
export interface PoolOptions {
  /** Most live workers, and so most contexts. 1 to 65536, default 1024. */
  maxWorkers?: number
  /** Most idle workers kept for their next context. 0 to 65536, default 4. */
  maxIdle?: number
  /** Workers forked ahead of need, at least. 0 to 1024, default 1. */
  spare?: number
  /** At most: so far the stock follows the demand of contexts with `recycle: 'process'`. Below
   *  `spare` it is without effect. 0 to 1024, default 64. */
  maxSpare?: number
  /** From asking an overdue program to stop to killing its worker, in ms. 1 to 60000, default 50. */
  killGrace?: number
  /** The worker program. Default: the one inside the addon. */
  workerPath?: string
}

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

const POOL_OPTIONS = [
  'maxWorkers',
  'maxIdle',
  'spare',
  'maxSpare',
  'killGrace',
  'workerPath',
] as const

/**
 * Contexts and their workers. Does not keep the process alive while no program
 * runs, and leaves no process behind when it ends.
 */
export class Pool {
  readonly #hub: Hub
  readonly #domains = new TrustDomains()
  readonly #contextOptions: readonly string[]

  /** @internal */
  constructor(options: PoolOptions) {
    checkNames('the options of a pool', options, POOL_OPTIONS)
    const { workerPath = HUB_DEFAULTS.workerPath } = options
    if (typeof workerPath !== 'string') {
      throw new TypeError(`workerPath must be a string, got ${describeValue(workerPath)}`)
    }
    this.#hub = new Hub({
      workerPath,
      maxWorkers: wholeOption(options, 'maxWorkers', HUB_DEFAULTS.maxWorkers, 1, 65536),
      maxIdle: wholeOption(options, 'maxIdle', HUB_DEFAULTS.maxIdle, 0, 65536),
      spare: wholeOption(options, 'spare', HUB_DEFAULTS.spare, 0, 1024),
      maxSpare: wholeOption(options, 'maxSpare', HUB_DEFAULTS.maxSpare, 0, 1024),
      killGrace: wholeOption(options, 'killGrace', HUB_DEFAULTS.killGrace, 1, 60000),
    })
    this.#contextOptions = [...isolateOptionNames(this.#hub.native), 'tools', 'trustDomain']
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
    checkNames('the options of a context', options, this.#contextOptions)
    const domain =
      typeof options.trustDomain === 'string'
        ? this.#domains.numberOf(options.trustDomain)
        : wholeOption(options, 'trustDomain', 0, 0, Number.MAX_SAFE_INTEGER)
    const { tools } = options
    if (tools !== undefined && (typeof tools !== 'object' || tools === null)) {
      throw new TypeError(`tools must be names or functions, got ${describeValue(tools)}`)
    }
    return new Context(this.#hub, settingsOf(this.#hub.native, options, domain), tools)
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
    const layers = this.#hub.native.layers.map(({ name, bit, required, stops }) => ({
      name,
      on: (bits & bit) !== 0,
      required: required !== 0,
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
