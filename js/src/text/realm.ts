/**
 * What a program finds in its realm beyond the language itself, as TypeScript
 * declares it. tests/js/check.test.js compares it with a real context.
 */
export const REALM_DECLARATIONS = `\
declare const console: {
  log(...values: unknown[]): void
  info(...values: unknown[]): void
  warn(...values: unknown[]): void
  error(...values: unknown[]): void
  debug(...values: unknown[]): void
  trace(...values: unknown[]): void
  dir(value?: unknown, options?: unknown): void
  table(value?: unknown, columns?: unknown): void
  assert(condition?: unknown, ...values: unknown[]): void
  group(...values: unknown[]): void
  groupCollapsed(...values: unknown[]): void
  groupEnd(): void
  count(label?: string): void
  countReset(label?: string): void
  time(label?: string): void
  timeLog(label?: string, ...values: unknown[]): void
  timeEnd(label?: string): void
}
declare const performance: { now(): number; readonly timeOrigin: number }
declare function queueMicrotask(callback: () => void): void
declare function atob(data: string): string
declare function btoa(data: string): string
declare class DOMException extends Error {
  constructor(message?: string, name?: string)
  readonly code: number
}
`
