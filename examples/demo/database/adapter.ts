/**
 * The little of SQLite that the demo needs. One file per runtime implements it,
 * with what that runtime has built in: see open.ts.
 */

export type Value = string | number | null

export interface Database {
  /** Every row of a query. */
  all<Row>(sql: string, ...values: Value[]): Row[]
  /** The first row of a query. */
  get<Row>(sql: string, ...values: Value[]): Row | undefined
  /** Statements without values. */
  execute(sql: string): void
  /** One statement, once for each row of values. */
  insert(sql: string, rows: Iterable<Value[]>): void
  /** Nothing may be asked afterwards; what was inserted is in the file. */
  close(): void
}

/** Opens the database in the file `path`, making an empty one where there is none. */
export type OpenDatabase = (path: string) => Database
