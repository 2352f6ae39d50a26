/**
 * Isolate drivers for TanStack AI's Code Mode.
 */
import type { IsolateDriver } from '@tanstack/ai-code-mode'

import { makeDriver } from './driver.js'
import { describeValue } from './errors.js'
import type { IsolateOptions } from './options.js'

export type { IsolateOptions } from './options.js'
export { close, warm } from './shared.js'

/** Options of a driver; `timeout` and `memoryLimit` of a context's own config go before them. */
export type IsolateDriverOptions = IsolateOptions
/** The same options; `console` is 'string' unless told. */
export type QuickJSBunIsolateDriverOptions = IsolateOptions

/**
 * A driver that runs programs in confined processes.
 *
 * @throws TypeError or RangeError that names the option and what it expects
 */
export function createIsolateDriver(options: IsolateDriverOptions = {}): IsolateDriver {
  return makeDriver(options)
}

/** The same for programs that used the quickjs-bun driver: one import changes, nothing else. */
export function createQuickJSBunIsolateDriver(
  options: QuickJSBunIsolateDriverOptions = {},
): IsolateDriver {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`the options of a driver must be an object, got ${describeValue(options)}`)
  }
  return makeDriver({ ...options, console: options.console ?? 'string' })
}
