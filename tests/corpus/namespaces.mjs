/**
 * What a namespace exports. The compiler has no variable for it, `N.a = 1`, and writes `N.a` for each
 * `a`; the stripper cannot know what an `a` refers to, and so keeps the variable, `const a = N.a = 1`, or
 * has `N.a` read and write it. Both are put into one form here: the name, and its first value.
 */

import ts from 'typescript'

/**
 * A name that a namespace exports, with its first value; undefined where it gets one later.
 *
 * @typedef {{ name: string, value: ts.Expression | undefined }} Publication
 */

/** @param {ts.Node} node @param {string} holder @returns {string | undefined} a of `holder.a` */
export function memberOf(node, holder) {
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return undefined
  return node.expression.text === holder ? node.name.text : undefined
}

/** @param {ts.Node | undefined} node @param {string} holder @returns {Publication | undefined} */
function assignment(node, holder) {
  if (node === undefined || !ts.isBinaryExpression(node)) return undefined
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined
  const name = memberOf(node.left, holder)
  return name === undefined ? undefined : { name, value: node.right }
}

/**
 * `N.a = 1, N.b = 2`
 *
 * @param {ts.Expression} node
 * @param {string} holder
 * @returns {Publication[] | undefined}
 */
function assignments(node, holder) {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken) {
    const [left, right] = [assignments(node.left, holder), assignments(node.right, holder)]
    return left && right && [...left, ...right]
  }
  const one = assignment(node, holder)
  return one && [one]
}

/** @param {ts.Statement} statement @param {string} holder @returns {Publication[] | undefined} */
function constants(statement, holder) {
  if (!ts.isVariableStatement(statement)) return undefined
  const found = []
  for (const { name, initializer } of statement.declarationList.declarations) {
    const one = assignment(initializer, holder)
    if (one === undefined || !ts.isIdentifier(name) || name.text !== one.name) return undefined
    found.push(one)
  }
  return found
}

/** `Object.defineProperty(N, "a", …)` @param {ts.Statement | undefined} statement @param {string} holder */
function definedName(statement, holder) {
  if (statement === undefined || !ts.isExpressionStatement(statement)) return undefined
  const call = statement.expression
  if (!ts.isCallExpression(call) || memberOf(call.expression, 'Object') !== 'defineProperty') return
  const [target, key] = call.arguments
  if (!target || !key || !ts.isIdentifier(target) || !ts.isStringLiteral(key)) return undefined
  return target.text === holder ? key.text : undefined
}

/** `let a = 1; Object.defineProperty(N, "a", …)` @returns {Publication[] | undefined}
 * @param {ts.Statement} statement
 * @param {ts.Statement | undefined} next
 * @param {string} holder */
function variable(statement, next, holder) {
  const defined = definedName(next, holder)
  if (defined === undefined || !ts.isVariableStatement(statement)) return undefined
  const [only, ...others] = statement.declarationList.declarations
  if (only === undefined || others.length > 0 || !ts.isIdentifier(only.name)) return undefined
  return only.name.text === defined ? [{ name: defined, value: only.initializer }] : undefined
}

/**
 * @param {readonly ts.Statement[]} statements  of a namespace's body, empty ones left out
 * @param {string} holder
 * @returns {(ts.Statement | Publication)[]}
 */
export function publications(statements, holder) {
  /** @type {(ts.Statement | Publication)[]} */
  const found = []
  for (let at = 0; at < statements.length; at += 1) {
    const statement = /** @type {ts.Statement} */ (statements[at])
    const held = variable(statement, statements[at + 1], holder)
    if (held !== undefined) at += 1
    const written = ts.isExpressionStatement(statement)
      ? assignments(statement.expression, holder)
      : constants(statement, holder)
    found.push(...(held ?? written ?? [statement]))
  }
  return found
}
