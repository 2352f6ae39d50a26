/**
 * The pools that drivers take their contexts from. All drivers of a thread share one, made at the first
 * context; a driver with options of a pool has one of its own, and one that was given a pool uses that.
 *
 * A pool that belongs to drivers is made anew after `close`. A driver's own ends at the latest when the
 * collector has found that the driver and its contexts are gone. A pool that was given is whose it was:
 * nothing here closes or warms it.
 */

import type { Hub } from '../addon/hub.js'
import { POOL_OPTION_NAMES, type PoolOptions, poolSetting } from '../addon/options.js'
import { describeValue } from '../base/errors.js'
import { bare } from '../base/own.js'
import { TrustDomains } from '../open/domains.js'
import { insideOf, Pool, type PoolInside, readPoolOptions } from '../open/pool.js'

/** Where a driver's contexts come from. Its contexts hold it, as the driver does. */
export interface PoolSource {
  /** The most memory that a context may have, in MB. */
  readonly maxMemoryLimit: number
  readonly domains: TrustDomains
  /** The pool to open a context in. */
  hub(): Hub
}

/** A pool that is made when it is needed, and again when it was closed. */
class RenewedPool {
  readonly maxMemoryLimit: number
  readonly domains = new TrustDomains()
  readonly #options: PoolOptions
  readonly #isShared: boolean
  #pool: Pool | undefined

  /** Throws as createPool(). @param isShared  by all copies of the package */
  constructor(options: PoolOptions, isShared: boolean) {
    this.#isShared = isShared
    this.maxMemoryLimit = poolSetting(readPoolOptions(bare(options)).settings, 'maxMemoryLimit')
    this.#options = options
  }

  hub(): Hub {
    return (insideOf(this.#current()) as PoolInside).hub
  }

  warm(): void {
    this.#current().warm()
  }

  close(): void {
    this.#pool?.close()
    this.#pool = undefined
  }

  #current(): Pool {
    if (this.#pool === undefined || this.#pool.closed) {
      this.#pool = new Pool(this.#options, this.domains, this.#isShared)
    }
    return this.#pool
  }
}

/** What a driver with a pool of its own and its contexts hold, and nobody else. */
class OwnPool implements PoolSource {
  readonly maxMemoryLimit: number
  readonly domains: TrustDomains
  readonly #pool: RenewedPool

  constructor(pool: RenewedPool) {
    this.maxMemoryLimit = pool.maxMemoryLimit
    this.domains = pool.domains
    this.#pool = pool
  }

  hub(): Hub {
    return this.#pool.hub()
  }
}

const shared = new RenewedPool({}, true)
const ownPools = new Set<RenewedPool>()
const forgotten = new FinalizationRegistry<RenewedPool>((pool) => {
  ownPools.delete(pool)
  pool.close()
})

function makeOwnPool(options: PoolOptions): PoolSource {
  const pool = new RenewedPool(options, false)
  const source = new OwnPool(pool)
  ownPools.add(pool)
  forgotten.register(source, pool)
  return source
}

function useGivenPool(pool: unknown, others: readonly string[]): PoolSource {
  const inside = insideOf(pool)
  if (inside === undefined) {
    throw new TypeError(`pool must be a pool of createPool, got ${describeValue(pool)}`)
  }
  if (others.length > 0) {
    throw new TypeError(
      `pool and ${others.join(', ')} exclude each other: the options of a pool are given to createPool`,
    )
  }
  const { hub, domains } = inside
  return { maxMemoryLimit: hub.maxMemoryLimit, domains, hub: () => hub }
}

/** Where a driver with these options, a copy, has its contexts from. Throws where they are wrong. */
export function poolSourceOf(options: PoolOptions & { pool?: Pool }): PoolSource {
  const named = POOL_OPTION_NAMES.filter((name) => options[name] !== undefined)
  if (options.pool !== undefined) {
    return useGivenPool(options.pool, named)
  }
  if (named.length === 0) {
    return shared
  }
  const entries = named.map((name) => [name, options[name]])
  return makeOwnPool(Object.fromEntries(entries) as PoolOptions)
}

/** Start the worker processes of this thread's drivers now, so that the first context is as fast as all
 *  others: those of the shared pool, and of the pools that drivers have of their own. */
export function warm(): void {
  for (const pool of [shared, ...ownPools]) {
    pool.warm()
  }
}

/** End the worker processes of this thread's drivers now. Open contexts are disposed; drivers can go on
 *  making new ones. Not needed for the process to end. Pools that drivers were given stay as they are. */
export function close(): void {
  for (const pool of [shared, ...ownPools]) {
    pool.close()
  }
}
