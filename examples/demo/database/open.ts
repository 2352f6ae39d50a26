/** Picks the SQLite of the runtime that the demo runs in: one file each. */

import type { Database } from './adapter.ts'

/** Which SQLite it is, in words, and the open database. */
export async function openDatabase(path: string): Promise<{ engine: string; database: Database }> {
  if ('Bun' in globalThis) {
    const { openWithBun } = await import('./bun.ts')
    return { engine: 'bun:sqlite', database: openWithBun(path) }
  }
  const { openWithNode } = await import('./node.ts')
  return { engine: 'node:sqlite', database: openWithNode(path) }
}
