/**
 * Fairness towards the rest of the program: programs whose tools answer at
 * once would run on from one promise job to the next, and timers and sockets
 * would wait. So whoever has held the event loop for some milliseconds gives
 * it a turn.
 *
 * The clock is the addon's, which each batch of events brings along for free.
 */
import { setImmediate } from 'node:timers'

/** Microseconds after which the event loop gets its turn. */
const HELD_MAX = 2000

let began = 0
let fresh = true

/** The event loop has just had its turn; the clock is not known yet. */
export function beginTurn(): void {
  fresh = true
}

/** What the clock says now, in microseconds modulo 2^32. */
export function noteClock(clock: number): void {
  if (fresh) {
    fresh = false
    began = clock
  }
}

/** Whether the loop has been held for too long, by the clock that was noted last. */
export function isTurnOver(clock: number): boolean {
  return !fresh && (clock - began) >>> 0 > HELD_MAX
}

/** Go on after the event loop has had its turn. */
export function afterTurn(action: () => void): void {
  setImmediate(() => {
    beginTurn()
    action()
  })
}
