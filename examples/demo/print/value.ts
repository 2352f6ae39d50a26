/** A program's result as lines: text as it is, rows as a table, all else as Node.js prints it. */

import { inspect } from 'node:util'

type Row = Record<string, unknown>

export function valueLines(value: unknown, width: number): string[] {
  if (typeof value === 'string') return value.split('\n')
  if (isTable(value)) return tableLines(value)
  return inspect(value, { depth: 6, breakLength: width, compact: 3 }).split('\n')
}

function isTable(value: unknown): value is Row[] {
  const isFlat = (row: unknown): boolean =>
    typeof row === 'object' &&
    row !== null &&
    !Array.isArray(row) &&
    Object.values(row).every((cell) => typeof cell !== 'object')
  return Array.isArray(value) && value.length > 0 && value.every(isFlat)
}

function tableLines(rows: Row[]): string[] {
  const keys = Object.keys(rows[0])
  return alignedLines([keys, ...rows.map((row) => keys.map((key) => String(row[key])))], (column) =>
    rows.every((row) => typeof row[keys[column]] === 'number'),
  )
}

/** Rows of cells, columns aligned, to the right where `toTheRight` says so. */
export function alignedLines(rows: string[][], toTheRight: (column: number) => boolean): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) =>
    row
      .map((cell, column) =>
        toTheRight(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  )
}
