/**
 * Whether everything that remains is where it was. Stricter than by token: each character that is not
 * white space, comments included, stands at the line and the column (UTF-16 units) where the source
 * has the same one. What the stripper writes itself is counted: `;`, `(` and `)` where something was
 * erased, `0||` or `0?0:` in place of a `<T>`, and the text of constructs that are turned into JavaScript.
 */

import ts from 'typescript'

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/
const WRITTEN_ANYWHERE = new Set([';', '(', ')'])
/** In place of the `<T>` of an assertion, where what follows would mean something else without it. */
const STAND_INS = ['0||', '0?0:']

/**
 * @typedef {object} Positions
 * @property {number} kept     characters at their place
 * @property {number} written  characters of our own
 * @property {{ line: number, column: number, why: string } | undefined} fault  from 1
 */

/** @param {ts.Node} node */
function isTurned(node) {
  if (ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) return true
  return ts.isImportEqualsDeclaration(node) || (ts.isExportAssignment(node) && node.isExportEquals)
}

/**
 * Where parameters that are properties lead to text: at the head of the class, among the parameters,
 * at the head of the body and behind `super(…)`.
 *
 * @param {ts.ConstructorDeclaration} node
 * @returns {[from: number, to: number][]}
 */
function propertyRanges(node) {
  if (!node.parameters.some((each) => ts.isParameterPropertyDeclaration(each, node))) return []
  const statements = [...(node.body?.statements ?? [])]
  const head = node.parent.members.pos
  return [
    [head, head],
    [node.parameters.pos, node.body?.statements.pos ?? node.end],
    ...statements
      .filter((statement) => statement.getText().startsWith('super'))
      .map(({ end }) => /** @type {[number, number]} */ ([end, end])),
  ]
}

/** @param {ts.Node} node @returns {[from: number, to: number][]} */
function turnedRanges(node) {
  if (ts.isConstructorDeclaration(node)) return propertyRanges(node)
  return isTurned(node) ? [[node.getStart(), node.end]] : []
}

/**
 * The lines that have a piece of a construct which becomes other JavaScript.
 *
 * @param {ts.SourceFile} file
 * @returns {Set<number>} from 0
 */
export function turnedLines(file) {
  const lines = new Set()
  const lineOf = (/** @type {number} */ at) => file.getLineAndCharacterOfPosition(at).line
  const visit = (/** @type {ts.Node} */ node) => {
    for (const [from, to] of turnedRanges(node)) {
      for (let line = lineOf(from); line <= lineOf(to); line += 1) lines.add(line)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return lines
}

/**
 * @param {string} source
 * @param {string} output
 * @param {Set<number>} turned  lines where text of our own is expected
 * @returns {Positions}
 */
export function comparePositions(source, output, turned) {
  const before = source.split(LINE_BREAK)
  const after = output.split(LINE_BREAK)
  /** @type {Positions} */
  const result = { kept: 0, written: 0, fault: undefined }
  if (before.length !== after.length) {
    const why = `${after.length} lines instead of ${before.length}`
    result.fault = { line: Math.min(before.length, after.length), column: 1, why }
    return result
  }
  for (const [line, text] of after.entries()) {
    compareLine(before[line] ?? '', text, line, turned.has(line), result)
  }
  return result
}

/**
 * @param {string} before
 * @param {string} after
 * @param {number} line
 * @param {boolean} isTurnedLine
 * @param {Positions} result
 */
function compareLine(before, after, line, isTurnedLine, result) {
  for (let at = 0; at < after.length; at += 1) {
    const unit = /** @type {string} */ (after[at])
    if (unit === ' ' || unit === '\t') continue
    const original = before[at] ?? ''
    const standIn = STAND_INS.find((text) => after.startsWith(text, at))
    if (unit === original) {
      result.kept += 1
    } else if (original === '<' && standIn !== undefined) {
      result.written += standIn.length
      at += standIn.length - 1
    } else if (isTurnedLine || (WRITTEN_ANYWHERE.has(unit) && original !== '')) {
      result.written += 1
    } else {
      const why = `"${unit}" in place of "${original}"`
      result.fault ??= { line: line + 1, column: at + 1, why }
    }
  }
}
