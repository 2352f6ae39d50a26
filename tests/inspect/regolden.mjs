/**
 * Fills inspect.golden with what Node.js prints: after each line `> expression`, the text of its
 * value. To add a case, add such a line and run
 *
 *     node tests/inspect/regolden.mjs
 *
 * Both engines evaluate the expressions as they stand, so these keep to what both have. Stack traces
 * differ by their nature: the errors here have none, and inspect.c tests those of our engine. The
 * texts in the repository are those of Node.js 24.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { runInThisContext } from 'node:vm'

const file = new URL('inspect.golden', import.meta.url)
const lines = readFileSync(file, 'utf8').split('\n')
const cases = lines.flatMap((line) => {
  if (line.startsWith('# ')) return [line]
  if (line.startsWith('> ')) return [line, inspect(runInThisContext(`(${line.slice(2)})`))]
  return []
})
writeFileSync(file, `${cases.join('\n')}\n`)
