/**
 * A syntax tree without positions, as a list of words, so that two trees are equal exactly when their
 * words are. Left out is what has no meaning in a program: parentheses (the tree has the grouping),
 * empty statements in a list of statements, `;` in a class, an export of nothing, and `0||` before an
 * expression. A member of an enum has its value instead of a constant expression. namespaces.mjs has
 * what namespaces export.
 */

import ts from 'typescript'
import { Enums, memberName } from './fold.mjs'
import { memberOf, publications } from './namespaces.mjs'

/** What a node says of its place, of how it was written, and of what the binder found. */
const SILENT = new Set([
  'pos',
  'end',
  'id',
  'kind',
  'flags',
  'modifierFlagsCache',
  'transformFlags',
  'parent',
  'original',
  'emitNode',
  'jsDoc',
  'symbol',
  'localSymbol',
  'locals',
  'nextContainer',
  'flowNode',
  'endFlowNode',
  'returnFlowNode',
  'multiLine',
  'singleQuote',
  'hasExtendedUnicodeEscape',
  'numericLiteralFlags',
  'templateFlags',
])

const SPEAKING_FLAGS = ts.NodeFlags.BlockScoped | ts.NodeFlags.OptionalChain

/**
 * @typedef {object} Tree
 * @property {string[]} words
 * @property {number[]} places  where in the text each word stands
 */

/** @param {ts.Node} node */
function isNothing(node) {
  if (ts.isEmptyStatement(node) || ts.isSemicolonClassElement(node)) return true
  if (!ts.isExportDeclaration(node) || node.moduleSpecifier || !node.exportClause) return false
  return ts.isNamedExports(node.exportClause) && node.exportClause.elements.length === 0
}

/** @param {any} value @returns {value is ts.Node} */
function isNode(value) {
  return typeof value === 'object' && typeof value.kind === 'number'
}

/**
 * `0||x`, which is x: what becomes of `() => <T>{}`, where the braces must not become a block.
 *
 * @param {ts.Node} node
 * @returns {node is ts.BinaryExpression}
 */
function isZeroOr(node) {
  if (!ts.isBinaryExpression(node) || !ts.isNumericLiteral(node.left)) return false
  return node.left.text === '0' && node.operatorToken.kind === ts.SyntaxKind.BarBarToken
}

/** @param {ts.Node} node @returns {ts.Node} */
function withoutParentheses(node) {
  let inner = node
  while (ts.isParenthesizedExpression(inner) || isZeroOr(inner)) {
    inner = ts.isParenthesizedExpression(inner) ? inner.expression : inner.right
  }
  return inner
}

/**
 * `(function (N) { … })(N || (N = {}))`, which an enum or a namespace becomes; for one in a namespace,
 * `(function (N) { … })(N = M.N || (M.N = {}))`. The compiler has another name inside, `N_1`, where some
 * declaration in the body has this one.
 *
 * @param {ts.Node} node
 * @returns {{ name: string, inner: ts.Identifier, body: ts.Block } | undefined}
 */
function holderOf(node) {
  if (!ts.isCallExpression(node)) return undefined
  const callee = withoutParentheses(node.expression)
  if (!ts.isFunctionExpression(callee)) return undefined
  const [given] = node.arguments
  const inner = callee.parameters[0]?.name
  if (given === undefined || !ts.isBinaryExpression(given) || !ts.isIdentifier(given.left)) return
  if (inner === undefined || !ts.isIdentifier(inner)) return undefined
  const name = given.left.text
  const isItsName = inner.text.replace(/_\d+$/, '') === name || inner.text === name
  return isItsName ? { name, inner, body: callee.body } : undefined
}

/**
 * Inside of a function, a parameter of the same name hides an enum or a namespace.
 *
 * @param {ts.Node} node
 * @param {string[]} holders
 * @returns {string[]} those that are not hidden
 */
function withoutParametersOf(node, holders) {
  if (holders.length === 0 || !ts.isFunctionLike(node)) return holders
  const names = node.parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : ''))
  return holders.filter((holder) => !names.includes(holder))
}

class Walk {
  #enums = new Enums()
  /** The names of the enums and namespaces around. @type {string[]} */
  #holders = []
  /** The bodies of enums and namespaces, with the name inside. @type {Map<ts.Node, string>} */
  #bodies = new Map()
  /** The parameters of their functions, with the name outside. @type {Map<ts.Node, string>} */
  #parameters = new Map()

  constructor() {
    /** @type {Tree} */
    this.tree = { words: [], places: [] }
  }

  /** @param {string} word @param {number} place */
  say(word, place) {
    this.tree.words.push(word)
    this.tree.places.push(place)
  }

  /** @param {string} key @param {readonly ts.Node[]} list @param {number} place */
  list(key, list, place) {
    this.say(`${key}[`, place)
    for (const node of list) {
      if (!isNothing(node)) this.node(node)
    }
    this.say(']', place)
  }

  /** @param {string} key @param {any} value @param {number} place */
  value(key, value, place) {
    if (Array.isArray(value)) {
      this.list(key, value, place)
    } else if (isNode(value)) {
      this.say(`${key}:`, place)
      this.node(value)
    } else if (typeof value === 'string') {
      this.say(`${key}=${value.replaceAll('\r\n', '\n')}`, place)
    } else {
      this.say(`${key}=${value}`, place)
    }
  }

  /** @param {string} name @param {number} place */
  identifier(name, place) {
    this.say(`${ts.SyntaxKind.Identifier}.0(`, place)
    this.say(`escapedText=${name}`, place)
    this.say(')', place)
  }

  /**
   * `E["A"] = …` with the value of a constant expression.
   *
   * @param {ts.Node} node
   * @returns {boolean} whether it is that
   */
  #member(node) {
    if (!ts.isBinaryExpression(node) || !ts.isElementAccessExpression(node.left)) return false
    const name = memberName(node.left)
    if (name === undefined || !this.#holders.includes(name.split('.')[0] ?? '')) return false
    const value = this.#enums.valueOf(node.right)
    if (value === undefined) return false
    this.#enums.set(name, value)
    this.say(`${name}=${JSON.stringify(value)}`, node.end)
    return true
  }

  /**
   * What a namespace exports, by its name alone.
   *
   * @param {ts.Node} node
   * @returns {boolean} whether it is that
   */
  #reference(node) {
    if (ts.isShorthandPropertyAssignment(node) && node.objectAssignmentInitializer === undefined) {
      this.say(`${ts.SyntaxKind.PropertyAssignment}.0(`, node.end)
      this.value('name', node.name, node.end)
      this.value('initializer', node.name, node.end)
      this.say(')', node.end)
      return true
    }
    const holder = this.#holders.find((each) => memberOf(node, each) !== undefined)
    if (holder === undefined) return false
    this.identifier(memberOf(node, holder) ?? '', node.end)
    return true
  }

  /** @param {ts.Block} body @param {string} holder */
  #body(body, holder) {
    const statements = body.statements.filter((statement) => !isNothing(statement))
    this.#holders.push(holder)
    for (const item of publications(statements, holder)) {
      if (isNode(item)) this.node(item)
      else if (item.value !== undefined) this.value(`export ${item.name}`, item.value, body.end)
    }
    this.#holders.pop()
  }

  /** @param {ts.Node} given */
  node(given) {
    const node = withoutParentheses(given)
    if (this.#member(node) || this.#reference(node)) return
    const renamed = this.#parameters.get(node)
    if (renamed !== undefined) {
      this.identifier(renamed, node.end)
      return
    }
    const holder = holderOf(node)
    if (holder !== undefined) {
      this.#bodies.set(holder.body, holder.inner.text)
      this.#parameters.set(holder.inner, holder.name)
    }
    this.say(`${node.kind}.${node.flags & SPEAKING_FLAGS}(`, node.end)
    const name = this.#bodies.get(node)
    if (name !== undefined) {
      this.#body(/** @type {ts.Block} */ (node), name)
    } else {
      const holders = this.#holders
      this.#holders = withoutParametersOf(node, holders)
      for (const [key, value] of Object.entries(node)) {
        if (value !== undefined && !SILENT.has(key)) this.value(key, value, node.end)
      }
      this.#holders = holders
    }
    this.say(')', node.end)
  }
}

/** @param {ts.SourceFile} file @returns {Tree} */
export function treeOf(file) {
  const walk = new Walk()
  walk.list('statements', file.statements, 0)
  return walk.tree
}

/**
 * @param {Tree} left
 * @param {Tree} right
 * @returns {[number, number] | undefined} where in the two texts they begin to differ
 */
export function firstDifference(left, right) {
  const length = Math.max(left.words.length, right.words.length)
  for (let at = 0; at < length; at += 1) {
    if (left.words[at] !== right.words[at]) return [left.places[at] ?? 0, right.places[at] ?? 0]
  }
  return undefined
}
