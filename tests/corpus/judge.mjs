/** One file: what the stripper made of it, beside what the compiler and ts-blank-space make of it. */

import { differenceFrom, refusalAt, TS_BLANK_SPACE_WRONG } from './differences.mjs'
import { comparePositions, turnedLines } from './positions.mjs'
import { blank, compile, parseJavaScript, parseTypeScript, syntaxError } from './reference.mjs'
import { firstDifference, treeOf } from './tree.mjs'

/**
 * @typedef {object} Fault
 * @property {'refused' | 'tree' | 'bytes' | 'positions'} check
 * @property {string} why
 * @property {[title: string, excerpt: string][]} excerpts
 *
 * @typedef {object} Verdict
 * @property {string} [setAside]  why the file is not compared
 * @property {string} [refused]   the entry of the list of refusals
 * @property {boolean} [isBlanked]  ts-blank-space succeeds on it
 * @property {string} [difference]  the entry of the list of differences from ts-blank-space
 * @property {number} [kept]      characters at their place
 * @property {number} [written]   characters of our own
 * @property {Fault[]} faults
 */

const LINES_AROUND = 2

/** @param {string} text @param {number} at @returns {number} from 0 */
function lineAt(text, at) {
  return text.slice(0, at).split('\n').length - 1
}

/** @param {string} text @param {number} line from 0 @returns {string} with its neighbours */
function excerpt(text, line) {
  const lines = text.split('\n')
  const first = Math.max(0, line - LINES_AROUND)
  const shown = lines.slice(first, line + LINES_AROUND + 1)
  return shown.map((each, at) => `${first + at + 1}: ${each.slice(0, 200)}`).join('\n')
}

/** @param {string} output @param {string} expected */
function differenceOfTrees(output, expected) {
  const ours = parseJavaScript(output)
  const theirs = parseJavaScript(expected)
  const error = syntaxError(theirs) === undefined ? syntaxError(ours) : undefined
  const places = firstDifference(treeOf(ours), treeOf(theirs))
  if (places === undefined && error === undefined) return undefined
  const [here, there] = places ?? [Number.parseInt(error ?? '0', 10), 0]
  const why = error === undefined ? 'the trees differ' : `not JavaScript, at ${error}`
  return { why, here, there }
}

/** @param {string} source @param {string} output @param {string} expected @returns {Fault[]} */
function compareTrees(source, output, expected) {
  const difference = differenceOfTrees(output, expected)
  if (difference === undefined) return []
  const line = lineAt(output, difference.here)
  const excerpts = /** @type {Fault['excerpts']} */ ([
    ['source', excerpt(source, line)],
    ['ours', excerpt(output, line)],
    ['the compiler', excerpt(expected, lineAt(expected, difference.there))],
  ])
  return [{ check: 'tree', why: difference.why, excerpts }]
}

/** @param {string} source @param {string} output @param {string} expected @returns {Fault[]} */
function compareBytes(source, output, expected) {
  let at = 0
  while (output[at] === expected[at]) at += 1
  const line = lineAt(expected, at)
  const excerpts = /** @type {Fault['excerpts']} */ ([
    ['source', excerpt(source, line)],
    ['ours', excerpt(output, lineAt(output, at))],
    ['ts-blank-space', excerpt(expected, line)],
  ])
  return [{ check: 'bytes', why: `line ${line + 1} differs`, excerpts }]
}

/** @param {string} source @param {string} output @param {import('./positions.mjs').Positions} found */
function positionFaults(source, output, { fault }) {
  if (fault === undefined) return []
  const excerpts = /** @type {Fault['excerpts']} */ ([
    ['source', excerpt(source, fault.line - 1)],
    ['ours', excerpt(output, fault.line - 1)],
  ])
  const why = `${fault.line}:${fault.column}: ${fault.why}`
  return [/** @type {Fault} */ ({ check: 'positions', why, excerpts })]
}

/**
 * @param {string} source
 * @param {import('typescript').SourceFile} file
 * @param {import('./stripper.mjs').Problem} problem
 * @returns {Verdict}
 */
function judgeRefusal(source, file, problem) {
  const offset = Buffer.from(source).subarray(0, problem.offset).toString().length
  const refused = refusalAt(file, offset, problem.message)
  if (refused !== undefined) return { refused, faults: [] }
  const why = `${problem.line}:${problem.column}: ${problem.message}`
  const excerpts = /** @type {Fault['excerpts']} */ ([
    ['source', excerpt(source, problem.line - 1)],
  ])
  return { faults: [{ check: 'refused', why, excerpts }] }
}

/**
 * @param {string} source
 * @param {import('./stripper.mjs').Stripped} stripped
 * @returns {Verdict}
 */
export function judge(source, stripped) {
  const file = parseTypeScript(source)
  if (syntaxError(file) !== undefined) {
    return { setAside: 'the compiler reports a syntax error', faults: [] }
  }
  if (stripped.problem !== undefined) return judgeRefusal(source, file, stripped.problem)
  const output = stripped.text ?? ''
  const compiled = compile(source)
  const blanked = blank(file)
  const positions = comparePositions(source, output, turnedLines(file))
  const { kept, written } = positions
  const verdict = { isBlanked: blanked !== undefined, kept, written }
  const faults = [
    ...compareTrees(source, output, compiled),
    ...positionFaults(source, output, positions),
  ]
  if (blanked === undefined || blanked === output) return { ...verdict, faults }
  const difference =
    differenceOfTrees(blanked, compiled) === undefined
      ? differenceFrom(source, output, blanked)
      : TS_BLANK_SPACE_WRONG
  if (difference === undefined) faults.push(...compareBytes(source, output, blanked))
  return { ...verdict, difference, faults }
}
