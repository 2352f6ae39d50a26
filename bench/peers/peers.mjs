/**
 * Who is measured. A peer is one file of this folder, which exports:
 *
 * @typedef {Record<string, (input: any) => Promise<unknown>>} Tools
 *
 * @typedef {object} Context
 * @property {(code: string) => Promise<unknown>} run  the program's value; throws when it fails
 * @property {() => unknown} close                     awaited
 *
 * @typedef {object} Sandbox
 * @property {(tools: Tools) => Promise<Context>} open
 *
 * @typedef {object} Peer
 * @property {string} title
 * @property {string[]} runtimes           of 'bun', 'node', 'deno'
 * @property {string} package              on npm; its version is reported
 * @property {() => Promise<Sandbox>} load imports it; not part of any measured time
 */

/** By the name that --peer takes, ours first. */
export const peers = {
  hutch: './hutch.mjs',
  'tanstack-quickjs': './tanstack-quickjs.mjs',
  'quickjs-emscripten': './quickjs-emscripten.mjs',
}

/** @param {string} name of `peers` @returns {Promise<Peer>} */
export async function importPeer(name) {
  const { peer } = await import(peers[/** @type {keyof typeof peers} */ (name)])
  return peer
}
