/**
 * Finds what the formatters do not: in C, `sizeof` with parentheses around what is not a type, and
 * `const` on a local variable that is a number, a truth or a struct (what a pointer points to, arrays
 * and `static` tables are const where they can be), and functions that are too long; everywhere, comments
 * that are too wide. Prints one line for each and ends with 1 if there is one.
 *
 * Usage: node style.mjs FILE...
 */

import { readFileSync } from 'node:fs'

const files = process.argv.slice(2)
if (files.length === 0) {
  console.error('style.mjs: expected a file')
  process.exit(2)
}
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))

/** Types that no file of ours defines, by their words and by how they are named; `type` is what
 *  macros call theirs. */
const FOREIGN =
  /^(type|char|int|short|long|double|float|void|bool|unsigned|signed|struct|union|enum|FILE|DIR|\w+_t|va_list|jmp_buf|hutch_\w+|JS[A-Z]\w*|napi_\w+|Elf\w+)$/

const own = new Set()
for (const text of texts.values()) {
  for (const [, name] of text.matchAll(/^(?:\} |typedef [^;{]*?)(\w+)(?:\[[^\]]*\])?;/gm))
    own.add(name)
}

/** @param {string} operand what stands in the parentheses, up to the first of them inside */
function isType(operand) {
  const [name] = operand.match(/\w+/g)?.filter((word) => word !== 'const') ?? []
  return name !== undefined && !operand.startsWith('*') && (own.has(name) || FOREIGN.test(name))
}

/** Code has 100 columns. A comment that was changed by a word need not be broken anew for it. */
const COMMENT_MOST = 110
const C = /\.[ch]$/

/** Ten lines are usual; a switch over many cases, or a table of tests, may take more. */
const FUNCTION_MOST = 70
const linesOf = (text) => text.split('\n').length - 1

/** `isWrong` is given what stands in the parentheses of `pattern`, and all that it found.
 *  @typedef {(part: string, all: string) => boolean} IsWrong
 *  @type {{ files: RegExp, pattern: RegExp, isWrong: IsWrong, say: string }[]} */
const RULES = [
  {
    files: /./,
    pattern: /^([ \t]*(?:\/\*|\*|\/\/|#(?!!)).*)$/gm,
    isWrong: (comment) => comment.length > COMMENT_MOST,
    say: `a comment has at most ${COMMENT_MOST} columns`,
  },
  {
    files: C,
    pattern: /^(\w[^\n;={}]*)\([^;{}]*\) \{\n(?:.*\n)*?\}/gm,
    isWrong: (_, all) => linesOf(all) > FUNCTION_MOST,
    say: `a function has at most ${FUNCTION_MOST} lines`,
  },
  {
    files: C,
    pattern: /\bsizeof ?\(([^()]+)\)/g,
    isWrong: (operand) => /^\*?[a-z]/.test(operand) && !isType(operand),
    say: 'write sizeof without parentheses: it is not a type',
  },
  {
    files: C,
    pattern: /^\s+(const (?:unsigned |struct |enum )?\w+(?: int| long)? \w+) =(?!=)/gm,
    isWrong: () => true,
    say: 'write no const: a local variable is changed or not within ten lines',
  },
]

let failed = false
for (const [file, text] of texts) {
  for (const { pattern, isWrong, say } of RULES.filter((rule) => rule.files.test(file))) {
    for (const match of text.matchAll(pattern)) {
      if (!isWrong(match[1], match[0])) continue
      const line = text.slice(0, match.index + match[0].length).split('\n').length
      console.log(`${file}:${line}: ${say}: ${match[1]}`)
      failed = true
    }
  }
}
process.exitCode = failed ? 1 : 0
