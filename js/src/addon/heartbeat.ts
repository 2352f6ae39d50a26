/**
 * A guard against a loop that sleeps on. Deno (2.9.6) loses about one in a
 * million wake-ups: a thread-safe function that was called, or an immediate
 * that is due, then waits until something else turns the event loop. An addon
 * of forty lines that plays ping-pong with a thread shows it under load; in
 * Node.js and Bun it does not happen.
 *
 * So in Deno the loop is turned every 20 ms for as long as a run is in
 * progress. The timer does not keep the process alive and stops by itself.
 */
import { clearInterval, setInterval } from 'node:timers'

const PERIOD_MS = 20
const IS_NEEDED = 'Deno' in globalThis

export class Heartbeat {
  #timer: NodeJS.Timeout | undefined

  /** Turn the loop from time to time while `isBusy` says so. */
  start(isBusy: () => boolean): void {
    if (!IS_NEEDED || this.#timer !== undefined) {
      return
    }
    const timer = setInterval(() => {
      if (!isBusy()) {
        clearInterval(timer)
        this.#timer = undefined
      }
    }, PERIOD_MS)
    timer.unref()
    this.#timer = timer
  }
}
