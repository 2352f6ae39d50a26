/** Hutch, through its driver for TanStack AI, all options at their defaults. */

import { sandboxOf } from './tanstack.mjs'

/** @type {import('./peers.mjs').Peer} */
export const peer = {
  title: 'Hutch',
  runtimes: ['bun', 'node', 'deno'],
  package: '@hutch/isolate',
  async load() {
    const { createIsolateDriver } = await import('@hutch/isolate/tanstack')
    return sandboxOf(createIsolateDriver())
  },
}
