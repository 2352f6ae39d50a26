/**
 * Tells a program of what TypeScript's declarations have and its realm has not. Globals are imported as types
 * alone (realm.ts), so that the compiler complains of each use of one as a value; globals without some of
 * their members are imported with a type that has the others. A member of what cannot be imported so, as
 * objects of a type, is given another first letter before the compiler sees it, of the same length: in a
 * string or comment that changes nothing.
 */

import type { Diagnostic } from './diagnostic.js'
import {
  isNarrowed,
  narrowedType,
  REALM_ABSENCES,
  REALM_MEMBER_ABSENCES,
  REALM_NAMES,
} from './realm.js'

/** A letter that begins no member of anything. */
const MARK = '\u02b9'
const MARKED = /\u02b9([\w$]+)/g

/** "Cannot find name". */
const UNKNOWN_NAME = 2304
/** "Property … does not exist on type …", perhaps with another one that is meant. */
const UNKNOWN_MEMBER = new Set([2339, 2551])
/** "Element implicitly has an 'any' type because expression of type … can't be used to index type …". */
const UNKNOWN_INDEX = 7053
/** "This condition will always return true since this function is always defined." */
const ALWAYS_TRUE = 2774
/** "… cannot be used as a value", as it was imported as a type, or is a namespace of types. */
const USE_AS_VALUE = new Set([1361, 2708])

const escaped = (name: string): string => name.replace(/\$/g, '\\$&')

const MEMBERS = REALM_MEMBER_ABSENCES.filter(({ of }) => !isNarrowed(of)).map(({ of, name }) => ({
  name,
  used: new RegExp(
    `(${of === undefined ? '' : `(?<![\\w$.])${of}\\s*`}\\.\\s*)${escaped(name)}(?![\\w$])`,
    'g',
  ),
}))

/** The text with another letter in the members that no program finds. */
export function hideAbsentMembers(text: string): string {
  return MEMBERS.reduce(
    (hidden, { name, used }) =>
      hidden.replace(used, `$1${MARK}${name.slice(1).replace(/\$/g, '$$$$')}`),
    text,
  )
}

function findMember(marked: string) {
  return REALM_MEMBER_ABSENCES.find(({ name }) => name.slice(1) === marked)
}

/** The compiler's words with the members as they were. */
function shown(message: string): string {
  return message.replace(MARKED, (all, marked) => findMember(marked)?.name ?? all)
}

/** The member that is told to be none of a type which was imported without it. */
function findNarrowed(message: string) {
  const [, name, type] = /Property '([\w$]+)' does not exist on type '(\w+)'/.exec(message) ?? []
  return REALM_MEMBER_ABSENCES.find(
    (row) => row.name === name && narrowedType(row.type) === type && isNarrowed(row.of),
  )
}

/** Whether a complaint of noImplicitAny tells of an absent member. */
export function isAbsentMember({ code, message }: { code: number; message: string }): boolean {
  return code === UNKNOWN_INDEX && findNarrowed(message) !== undefined
}

/** Whether a condition asks for what only the realm's own declarations say to be there. */
function asksForRealm({ code, line, column }: Diagnostic, lines: readonly string[]): boolean {
  const path = /^[\w$]+(?:\s*\??\.\s*[\w$]+)*/.exec(lines[line - 1]?.slice(column - 1) ?? '')?.[0]
  return code === ALWAYS_TRUE && REALM_NAMES.includes(path?.split(/\W+/).at(-1) ?? '')
}

function tellMember(diagnostic: Diagnostic, code: string): Diagnostic[] {
  const marked = new RegExp(`^Property '${MARK}([\\w$]+)'`).exec(diagnostic.message)?.[1] ?? ''
  const isUnknown = UNKNOWN_MEMBER.has(diagnostic.code)
  const row = findNarrowed(diagnostic.message) ?? (isUnknown ? findMember(marked) : undefined)
  if (row === undefined) {
    return [{ ...diagnostic, message: shown(diagnostic.message) }]
  }
  const { name, of, type, instead } = row
  const path = of === undefined ? `\\.${name}` : `${of}\\.${escaped(name)}`
  const asks = new RegExp(`['"]${escaped(name)}['"]\\s+in\\b|typeof\\s+${path}|${path}\\?\\.`)
  const isOwn = ![type, narrowedType(type)].some((known) =>
    diagnostic.message.includes(` on type '${known}'`),
  )
  return isOwn || asks.test(code)
    ? []
    : [
        {
          ...diagnostic,
          code: 2339,
          message: `'${name}' does not exist on '${of ?? type}': ${instead}.`,
        },
      ]
}

/** A use of what is not in the realm is told as such; a program that asks first is right. */
export function tellAbsence(diagnostic: Diagnostic, code: string): Diagnostic[] {
  const named = /^(?:'|Cannot use namespace ')(\w+)'/.exec(diagnostic.message)?.[1]
  const found = REALM_ABSENCES.find(
    ({ name }) => USE_AS_VALUE.has(diagnostic.code) && name === named,
  )
  if (asksForRealm(diagnostic, code.split(/\r?\n/))) {
    return []
  }
  if (found === undefined) {
    return diagnostic.message.includes(MARK) || diagnostic.message.includes(narrowedType(''))
      ? tellMember(diagnostic, code)
      : [diagnostic]
  }
  const { name, instead } = found
  const asks = new RegExp(`typeof\\s+${name}\\b|globalThis\\.${name}\\b`).test(code)
  const message = `Cannot find name '${name}': ${instead}.`
  return asks ? [] : [{ ...diagnostic, code: UNKNOWN_NAME, message }]
}
