/**
 * Who is measured. A peer is one file of this folder, which exports:
 *
 * @typedef {import('../programs.mjs').Program} Program
 * @typedef {Record<string, (input: any) => Promise<unknown>>} Tools
 *
 * @typedef {object} Context
 * @property {(program: Program) => Promise<unknown>} run  its value; throws when it fails
 * @property {() => unknown} close                         awaited
 *
 * @typedef {object} Sandbox
 * @property {(tools: Tools) => Promise<Context>} open
 *
 * @typedef {'bun' | 'node' | 'deno'} Runtime
 *
 * @typedef {object} Peer
 * @property {string} title
 * @property {string} package     on npm; its version is reported. 'node:' and 'bun:' need none
 * @property {Runtime[]} runtimes  in which it works, its best one first
 * @property {string} kind        what holds the guest, for the tables
 * @property {boolean} [ours]     measured in every runtime; the goals are ours
 * @property {string} [note]      what a reader has to know of its figures
 * @property {string} [absent]    why it cannot be had
 * @property {Partial<Record<Runtime, string[]>>} [flags]  that the runtime needs for it
 * @property {Partial<Record<import('../scenarios.mjs').Kind, string>>} [lacks]
 *   kinds of scenario that it has no way to run, and why
 * @property {(options: object) => Promise<Sandbox>} load
 *   imports it, no part of any measured time; the options are those of a scenario for our driver
 */

/** By the name that --peer takes, ours first. */
export const peers = {
  hutch: './hutch.mjs',
  'quickjs-emscripten': './quickjs-emscripten.mjs',
  'tanstack-quickjs': './tanstack-quickjs.mjs',
  'tanstack-quickjs-bun': './tanstack-quickjs-bun.mjs',
  'isolated-vm': './isolated-vm.mjs',
  'tanstack-node': './tanstack-node.mjs',
  run: './run.mjs',
  monty: './monty.mjs',
  'worker-threads': './worker-threads.mjs',
}

/** Limits that all peers with such an option get; ours by default. */
export const LIMITS = {
  memoryBytes: 128 * 1024 * 1024,
  stackBytes: 512 * 1024,
  milliseconds: 30_000,
}

/** @param {string} name of `peers` @returns {Promise<Peer>} */
export async function importPeer(name) {
  const { peer } = await import(peers[/** @type {keyof typeof peers} */ (name)])
  return peer
}
