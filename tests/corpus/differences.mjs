/**
 * What may differ, and why: the whole of it. docs/typescript.md has the same list in words.
 */

import ts from 'typescript'

/**
 * @typedef {object} Refusal
 * @property {string} name
 * @property {RegExp} says  what the problem's message has
 * @property {(node: ts.Node) => boolean} fits  whether a node around the problem's place is of the kind
 *   that is refused
 */

/** What the compiler accepts and the stripper refuses. @type {Refusal[]} */
export const refusals = [
  {
    name: 'export =',
    says: /found 'export ='/,
    fits: (node) => ts.isExportAssignment(node) && node.isExportEquals === true,
  },
  {
    name: 'an assertion without which another operator would take the operand',
    says: /once the type is erased/,
    fits: (node) => ts.isAsExpression(node) || ts.isSatisfiesExpression(node),
  },
  {
    name: 'a pattern, or several variables, exported by a namespace',
    says: /namespace exports/,
    fits: (node) => ts.isVariableStatement(node) && ts.isModuleBlock(node.parent),
  },
  {
    name: 'the bare name of what an earlier part of a namespace exports',
    says: /an earlier part of it exports/,
    fits: (node) => ts.isIdentifier(node),
  },
  {
    name: 'a property among the parameters of a constructor without super(…) as a statement',
    says: /expected super\(…\)/,
    fits: (node) => ts.isConstructorDeclaration(node),
  },
]

/** Where ts-blank-space succeeds and makes another tree than the compiler. */
export const TS_BLANK_SPACE_WRONG = 'ts-blank-space makes another program of it'

/**
 * @typedef {object} Difference
 * @property {string} name
 * @property {(source: string, ours: string, theirs: string) => boolean} fits
 */

/** @param {string} text */
const withoutBreaksOfUnicode = (text) => text.replace(/[\u2028\u2029]/g, ' ')

/** Where the bytes are not those of ts-blank-space, and both are right. @type {Difference[]} */
export const differences = [
  {
    name: 'U+2028 and U+2029 stay',
    fits: (_, ours, theirs) => withoutBreaksOfUnicode(ours) === withoutBreaksOfUnicode(theirs),
  },
]

/**
 * @param {string} source
 * @param {string} ours
 * @param {string} theirs
 * @returns {string | undefined} the name of the entry
 */
export function differenceFrom(source, ours, theirs) {
  return differences.find(({ fits }) => fits(source, ours, theirs))?.name
}

/**
 * @param {ts.SourceFile} file
 * @param {number} position  UTF-16 units
 * @param {string} message
 * @returns {string | undefined} the name of the entry
 */
export function refusalAt(file, position, message) {
  const candidates = refusals.filter(({ says }) => says.test(message))
  /** @type {string | undefined} */
  let found
  const visit = (/** @type {ts.Node} */ node) => {
    if (node.getFullStart() > position || node.end < position) return
    found = candidates.find(({ fits }) => fits(node))?.name ?? found
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
