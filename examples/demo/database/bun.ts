/** SQLite inside Bun. */

import { Database as BunDatabase } from 'bun:sqlite'
import type { Database, OpenDatabase } from './adapter.ts'

export const openWithBun: OpenDatabase = (path) => {
  const bun = new BunDatabase(path, { create: true })
  const database: Database = {
    all: <Row>(sql: string, ...values: (string | number | null)[]) =>
      bun.query(sql).all(...values) as Row[],
    get: <Row>(sql: string, ...values: (string | number | null)[]) =>
      (bun.query(sql).get(...values) ?? undefined) as Row | undefined,
    execute: (sql) => void bun.run(sql),
    insert: (sql, rows) => {
      const statement = bun.prepare(sql)
      bun.transaction(() => {
        for (const row of rows) statement.run(...row)
      })()
      statement.finalize()
    },
    close: () => bun.close(),
  }
  return database
}
