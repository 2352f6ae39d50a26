/**
 * Values of enum members. The compiler writes the value of a constant expression, the stripper leaves
 * the expression where it was; in a tree, both are their value.
 */

import ts from 'typescript'

/** @typedef {number | string | undefined} Value  undefined: not constant */

/** @type {Record<number, (a: any, b: any) => number | string>} */
const BINARY = {
  [ts.SyntaxKind.PlusToken]: (a, b) => a + b,
  [ts.SyntaxKind.MinusToken]: (a, b) => a - b,
  [ts.SyntaxKind.AsteriskToken]: (a, b) => a * b,
  [ts.SyntaxKind.SlashToken]: (a, b) => a / b,
  [ts.SyntaxKind.PercentToken]: (a, b) => a % b,
  [ts.SyntaxKind.AsteriskAsteriskToken]: (a, b) => a ** b,
  [ts.SyntaxKind.BarToken]: (a, b) => a | b,
  [ts.SyntaxKind.AmpersandToken]: (a, b) => a & b,
  [ts.SyntaxKind.CaretToken]: (a, b) => a ^ b,
  [ts.SyntaxKind.LessThanLessThanToken]: (a, b) => a << b,
  [ts.SyntaxKind.GreaterThanGreaterThanToken]: (a, b) => a >> b,
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken]: (a, b) => a >>> b,
}

/** @type {Record<number, (a: any) => number>} */
const UNARY = {
  [ts.SyntaxKind.PlusToken]: (a) => +a,
  [ts.SyntaxKind.MinusToken]: (a) => -a,
  [ts.SyntaxKind.TildeToken]: (a) => ~a,
}

/** @type {Record<string, number>} */
const NAMED = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY }

/** The members of the enums of a file, by `Enum.member`. */
export class Enums {
  /** @type {Map<string, Value>} */
  #values = new Map()

  /** @param {string} name  `Enum.member` @param {Value} value */
  set(name, value) {
    this.#values.set(name, value)
  }

  /** @param {ts.TemplateExpression} template @returns {Value} */
  #template({ head, templateSpans }) {
    let text = head.text
    for (const { expression, literal } of templateSpans) {
      const value = this.valueOf(expression)
      if (value === undefined) return undefined
      text += value + literal.text
    }
    return text
  }

  /** @param {ts.Expression} node @returns {Value} */
  valueOf(node) {
    if (ts.isParenthesizedExpression(node)) return this.valueOf(node.expression)
    if (ts.isNumericLiteral(node)) return Number(node.text)
    if (ts.isStringLiteralLike(node)) return node.text
    if (ts.isTemplateExpression(node)) return this.#template(node)
    if (ts.isIdentifier(node)) return NAMED[node.text]
    if (ts.isPrefixUnaryExpression(node)) {
      const value = this.valueOf(node.operand)
      return typeof value === 'number' ? UNARY[node.operator]?.(value) : undefined
    }
    if (ts.isBinaryExpression(node)) return this.#binary(node)
    const name = memberName(node)
    return name === undefined ? undefined : this.#values.get(name)
  }

  /** @param {ts.BinaryExpression} node @returns {Value} */
  #binary({ left, operatorToken, right }) {
    const [a, b] = [this.valueOf(left), this.valueOf(right)]
    if (a === undefined || b === undefined) return undefined
    const isSum = operatorToken.kind === ts.SyntaxKind.PlusToken
    if (!isSum && (typeof a === 'string' || typeof b === 'string')) return undefined
    return BINARY[operatorToken.kind]?.(a, b)
  }
}

/** @param {ts.Node} node @returns {string | undefined} `Enum.member` of Enum.member or Enum["member"] */
export function memberName(node) {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return `${node.expression.text}.${node.name.text}`
  }
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const { argumentExpression: key } = node
    return ts.isStringLiteralLike(key) ? `${node.expression.text}.${key.text}` : undefined
  }
  return undefined
}
