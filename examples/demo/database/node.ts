/** SQLite inside Node.js and Deno. */

import type { StatementSync } from 'node:sqlite'
import { DatabaseSync } from 'node:sqlite'
import type { Database, OpenDatabase } from './adapter.ts'

export const openWithNode: OpenDatabase = (path) => {
  const node = new DatabaseSync(path)
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql) ?? node.prepare(sql)
    prepared.set(sql, known)
    return known
  }
  const database: Database = {
    all: <Row>(sql: string, ...values: (string | number | null)[]) =>
      prepare(sql).all(...values) as Row[],
    get: <Row>(sql: string, ...values: (string | number | null)[]) =>
      prepare(sql).get(...values) as Row | undefined,
    execute: (sql) => node.exec(sql),
    insert: (sql, rows) => {
      const statement = node.prepare(sql)
      node.exec('BEGIN')
      for (const row of rows) statement.run(...row)
      node.exec('COMMIT')
    },
    close: () => {
      prepared.clear()
      node.close()
    },
  }
  return database
}
