/**
 * Isolate drivers for TanStack AI's Code Mode.
 */
import type { IsolateDriver } from '@tanstack/ai-code-mode'

import { type DriverOptions, makeDriver } from './driver/driver.js'

export type { IsolateOptions } from './addon/options.js'
export { close, warm } from './driver/shared.js'

/** Options of a driver; `timeout` and `memoryLimit` of a context's own config go before them. */
export type IsolateDriverOptions = DriverOptions
/** The same options; `console` is 'string', `protoKeys` is 'keep', `detached` is 'deliver',
 *  `unhandledRejections` is 'ignore', `hints`, `excerpt` and `queueMicrotask` are false unless
 *  told. Numbers of the old driver's options may be any. */
export type QuickJSBunIsolateDriverOptions = DriverOptions

/**
 * The `transpile` of createCodeMode: gives the program back as it is, because the drivers take
 * TypeScript. Without it Code Mode first turns the program into JavaScript, which costs time and
 * moves what errors speak of.
 */
export function transpile(code: string): string {
  return code
}

/**
 * A driver that runs programs in confined processes.
 *
 * @throws TypeError or RangeError that names the option and what it expects
 */
export function createIsolateDriver(options: IsolateDriverOptions = {}): IsolateDriver {
  return makeDriver(options, { standards: { wrapping: 'unwrap' }, isDropIn: false })
}

/** The same for programs that used the quickjs-bun driver: one import changes, nothing else. */
export function createQuickJSBunIsolateDriver(
  options: QuickJSBunIsolateDriverOptions = {},
): IsolateDriver {
  return makeDriver(options, {
    standards: {
      console: 'string',
      hints: false,
      excerpt: false,
      protoKeys: 'keep',
      detached: 'deliver',
      unhandledRejections: 'ignore',
      queueMicrotask: false,
    },
    isDropIn: true,
  })
}
