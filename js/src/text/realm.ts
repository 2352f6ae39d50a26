/**
 * What a program finds in its realm that TypeScript's own declarations of ECMAScript do not have, and what
 * they have that is not there: one row each. tests/js/check.test.js compares both with a real context.
 */

import { LOG_LEVELS } from '../base/tables.js'

/** A global, as TypeScript declares it. */
interface RealmGlobal {
  readonly name: string
  readonly declaration: string
}

/** A member of a type of ECMAScript's. */
interface RealmMember {
  /** The interface, with its parameters. */
  readonly of: string
  readonly declaration: string
}

/** A global of ECMAScript's declarations that no program finds. */
interface RealmAbsence {
  readonly name: string
  /** What to do instead. */
  readonly instead: string
}

const CONSOLE = `{
${LOG_LEVELS.map((level) => `  ${level}(...values: unknown[]): void`).join('\n')}
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
}`

const GLOBALS: readonly RealmGlobal[] = [
  { name: 'console', declaration: `declare const console: ${CONSOLE}` },
  {
    name: 'performance',
    declaration: 'declare const performance: { now(): number; readonly timeOrigin: number }',
  },
  {
    name: 'queueMicrotask',
    declaration: 'declare function queueMicrotask(callback: () => void): void',
  },
  { name: 'atob', declaration: 'declare function atob(data: string): string' },
  { name: 'btoa', declaration: 'declare function btoa(data: string): string' },
  {
    name: 'DOMException',
    declaration:
      'declare class DOMException extends Error { constructor(message?: string, name?: string); readonly code: number }',
  },
  {
    name: 'InternalError',
    declaration: 'declare class InternalError extends Error {}',
  },
]

/** As methods: where a later TypeScript declares one as well, it is an overload. */
const MEMBERS: readonly RealmMember[] = [
  { of: 'Math', declaration: 'sumPrecise(numbers: Iterable<number>): number' },
  { of: 'JSON', declaration: 'rawJSON(text: unknown): object' },
  { of: 'JSON', declaration: 'isRawJSON(value: unknown): boolean' },
  { of: 'RegExpConstructor', declaration: 'escape(text: string): string' },
  {
    of: 'ErrorConstructor',
    declaration: 'captureStackTrace(target: object, constructor?: Function): void',
  },
  { of: 'ErrorConstructor', declaration: 'stackTraceLimit: number' },
  { of: 'ErrorConstructor', declaration: 'prepareStackTrace?: any' },
  {
    of: 'Uint8ArrayConstructor',
    declaration: 'fromBase64(text: string, options?: object): Uint8Array',
  },
  { of: 'Uint8ArrayConstructor', declaration: 'fromHex(text: string): Uint8Array' },
  { of: 'Uint8Array', declaration: 'toBase64(options?: object): string' },
  { of: 'Uint8Array', declaration: 'toHex(): string' },
  {
    of: 'Uint8Array',
    declaration: 'setFromBase64(text: string, options?: object): { read: number; written: number }',
  },
  { of: 'Uint8Array', declaration: 'setFromHex(text: string): { read: number; written: number }' },
  { of: 'Map<K, V>', declaration: 'getOrInsert(key: K, value: V): V' },
  { of: 'Map<K, V>', declaration: 'getOrInsertComputed(key: K, callback: (key: K) => V): V' },
  { of: 'IteratorConstructor', declaration: 'concat(...items: Iterable<any>[]): any' },
  { of: 'IteratorConstructor', declaration: 'zip(items: Iterable<any>, options?: object): any' },
  { of: 'IteratorConstructor', declaration: 'zipKeyed(items: object, options?: object): any' },
  { of: 'IteratorObject<T, TReturn, TNext>', declaration: 'chunks(size: number): any' },
  { of: 'IteratorObject<T, TReturn, TNext>', declaration: 'windows(size: number): any' },
  { of: 'IteratorObject<T, TReturn, TNext>', declaration: 'includes(value: unknown): boolean' },
  { of: 'IteratorObject<T, TReturn, TNext>', declaration: 'join(separator?: string): string' },
  { of: 'ArrayBuffer', declaration: 'readonly immutable: boolean' },
  { of: 'ArrayBuffer', declaration: 'sliceToImmutable(start?: number, end?: number): ArrayBuffer' },
  { of: 'ArrayBuffer', declaration: 'transferToImmutable(length?: number): ArrayBuffer' },
]

/** A member of ECMAScript's declarations that no program finds. */
interface RealmMemberAbsence {
  /** The global that would have it; undefined: objects of the type. */
  readonly of?: string
  /** What the compiler calls the type that has it. */
  readonly type: string
  readonly name: string
  /** What to do instead. */
  readonly instead: string
}

/** Not declared away, as the types of toLocaleString() need theirs: a program gets the types alone. */
export const REALM_ABSENCES: readonly RealmAbsence[] = [
  {
    name: 'Intl',
    instead: 'there is no Intl here: use toFixed(), padStart() and Date.prototype.toISOString()',
  },
  { name: 'Temporal', instead: 'there is no Temporal here: use Date' },
]

const LAST_MATCH = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((group) => `$${group}`),
  ...['$_', 'input', 'lastMatch', 'lastParen', 'leftContext', 'rightContext'],
]

/** Nor can these be declared away: an interface only ever gets more. */
export const REALM_MEMBER_ABSENCES: readonly RealmMemberAbsence[] = [
  {
    of: 'Atomics',
    type: 'Atomics',
    name: 'waitAsync',
    instead: 'there is one thread here, and nobody to wait for',
  },
  {
    of: 'Symbol',
    type: 'SymbolConstructor',
    name: 'metadata',
    instead: 'there are no decorators here',
  },
  {
    type: 'Date',
    name: 'toTemporalInstant',
    instead: 'there is no Temporal here: use Date',
  },
  ...LAST_MATCH.map((name) => ({
    of: 'RegExp',
    type: 'RegExpConstructor',
    name,
    instead: 'use what exec() or match() returned',
  })),
]

const ABSENT_NAMES = REALM_ABSENCES.map(({ name }) => name)
/** What the types of absent globals, and globals without some of their members, are imported from. */
const ABSENT_MODULE = 'hutch:absent'

/** A global that a program gets without the members that are absent. */
interface RealmNarrowed {
  readonly name: string
  /** What the compiler calls its type. */
  readonly type: string
  /** How it is called, as a mapped type loses that. */
  readonly calls: string
}

const NARROWED: readonly RealmNarrowed[] = [
  { name: 'Atomics', type: 'Atomics', calls: '' },
  {
    name: 'RegExp',
    type: 'RegExpConstructor',
    calls:
      'new (pattern: RegExp | string, flags?: string): RegExp; (pattern: RegExp | string, flags?: string): RegExp',
  },
]

/** The compiler's name of what is left of a type. */
export const narrowedType = (type: string): string => `__Hutch${type}`

export const isNarrowed = (name: string | undefined): boolean =>
  NARROWED.some((row) => row.name === name)

const absentMembers = (global: string): string =>
  REALM_MEMBER_ABSENCES.filter(({ of }) => of === global)
    .map(({ name }) => `'${name}'`)
    .join(' | ')

function narrow({ name, type, calls }: RealmNarrowed): string {
  return [
    `interface ${narrowedType(type)} extends Omit<${type}, ${absentMembers(name)}> { ${calls} }`,
    `type ${narrowedType(`Object${name}`)} = ${name}`,
    `declare module '${ABSENT_MODULE}' {`,
    `  export const ${name}: ${narrowedType(type)}`,
    `  export type ${name} = ${narrowedType(`Object${name}`)}`,
    '}',
  ].join('\n')
}

/** What this file declares, which a program may ask for: another engine may not have it. */
export const REALM_NAMES: readonly string[] = [
  ...GLOBALS.map(({ name }) => name),
  ...MEMBERS.map(({ declaration }) => /\w+(?=[?(:])/.exec(declaration)?.[0] ?? ''),
]

/** A file of its own, for the whole of a check. */
export const REALM_DECLARATIONS = [
  // An older TypeScript may not have the name at all.
  ...ABSENT_NAMES.map((name) => `declare namespace ${name} {}`),
  `declare module '${ABSENT_MODULE}' {`,
  ...ABSENT_NAMES.map((name) => `  export import ${name} = globalThis.${name}`),
  '}',
  ...GLOBALS.map(({ declaration }) => declaration),
  ...MEMBERS.map(({ of, declaration }) => `interface ${of} { ${declaration} }`),
  ...NARROWED.map(narrow),
  '',
].join('\n')

/** In front of the program, on its line, and outside of its function: so it may have such a name itself. */
export const ABSENT_DECLARATIONS = [
  'import type {',
  ABSENT_NAMES.join(', '),
  '} from',
  `'${ABSENT_MODULE}';`,
  'import {',
  NARROWED.map(({ name }) => name).join(', '),
  '} from',
  `'${ABSENT_MODULE}';`,
].join(' ')
