/** Hutch, through its driver for TanStack AI; all options at their defaults but for a scenario's. */

import { sandboxOf } from './tanstack.mjs'

/** @type {import('./peers.mjs').Peer} */
export const peer = {
  title: 'Hutch',
  package: '@hutch/isolate',
  kind: 'confined process',
  runtimes: ['bun', 'node', 'deno'],
  ours: true,
  async load(options) {
    const { createIsolateDriver } = await import('@hutch/isolate/tanstack')
    return sandboxOf(createIsolateDriver(options))
  },
}
