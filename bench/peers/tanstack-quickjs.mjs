/** TanStack AI's own driver over QuickJS as WebAssembly, in the host's process. */

import { sandboxOf } from './tanstack.mjs'

/** @type {import('./peers.mjs').Peer} */
export const peer = {
  title: '@tanstack/ai-isolate-quickjs',
  package: '@tanstack/ai-isolate-quickjs',
  kind: 'WebAssembly in the host',
  runtimes: ['node', 'bun', 'deno'],
  async load() {
    const { createQuickJSIsolateDriver } = await import('@tanstack/ai-isolate-quickjs')
    return sandboxOf(createQuickJSIsolateDriver())
  },
}
