/**
 * The pool that all drivers of a thread share, each with a trust domain of its
 * own unless it names one. It is made at the first context and made anew after
 * `close`.
 */
import { TrustDomains } from './domains.js'
import { HUB_DEFAULTS, Hub } from './hub.js'

let shared: Hub | undefined
const domains = new TrustDomains()
/** 0 is what low-level contexts have unless told. */
let lastDomain = 0

export function sharedHub(): Hub {
  if (shared === undefined || shared.closed) {
    shared = new Hub(HUB_DEFAULTS)
  }
  return shared
}

/** The domain of this name, or one that nobody else has. Throws where the name is none. */
export function trustDomainOf(name: unknown): number {
  if (name !== undefined) {
    return domains.numberOf(name)
  }
  lastDomain += 1
  return lastDomain
}

/** Start the worker processes of this thread's drivers now, so that the first context is as fast
 *  as all others. */
export function warm(): void {
  sharedHub().warm()
}

/** End the worker processes of this thread's drivers now. Open contexts are disposed; drivers can
 *  go on making new ones. Not needed for the process to end. */
export function close(): void {
  shared?.close()
  shared = undefined
}
