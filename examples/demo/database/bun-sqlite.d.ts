/** What the demo uses of Bun's SQLite, for compilers that do not know Bun. */
declare module 'bun:sqlite' {
  type Value = string | number | null

  interface Statement {
    all(...values: Value[]): unknown[]
    get(...values: Value[]): unknown
    run(...values: Value[]): unknown
    finalize(): void
  }

  export class Database {
    constructor(path: string, options?: { create?: boolean })
    query(sql: string): Statement
    prepare(sql: string): Statement
    run(sql: string): unknown
    transaction(work: () => void): () => void
    close(): void
  }
}
