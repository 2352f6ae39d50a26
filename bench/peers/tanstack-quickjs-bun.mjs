/** The driver that has Bun compile QuickJS with TinyCC at its first use. */

/** @type {import('./peers.mjs').Peer} */
export const peer = {
  title: '@tanstack/ai-isolate-quickjs-bun',
  package: '@tanstack/ai-isolate-quickjs-bun',
  kind: 'native code in the host',
  runtimes: ['bun'],
  absent: 'it is not on npm (last looked up in November 2026)',
  async load() {
    throw new Error('it is not on npm')
  },
}
