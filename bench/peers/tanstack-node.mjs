/** TanStack AI's own driver over isolated-vm: a V8 isolate in the host's process. */

import { sandboxOf } from './tanstack.mjs'

/** @type {import('./peers.mjs').Peer} */
export const peer = {
  title: '@tanstack/ai-isolate-node',
  package: '@tanstack/ai-isolate-node',
  kind: 'V8 isolate in the host',
  runtimes: ['node'],
  flags: { node: ['--no-node-snapshot'] },
  note: 'its check in a process of its own, once, is part of the import',
  async load() {
    const { createNodeIsolateDriver } = await import('@tanstack/ai-isolate-node')
    return sandboxOf(createNodeIsolateDriver())
  },
}
