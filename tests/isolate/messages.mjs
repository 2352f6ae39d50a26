/**
 * Writes messages.golden: what Node.js 24 says of the mistakes in messages.txt. Each line is a
 * mistake, a tab, and the name and message of the error as JSON.
 *
 *     node tests/isolate/messages.mjs > tests/isolate/messages.golden
 *
 * messages-differ.txt has mistakes of which Hutch speaks in the engine's words.
 */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** messages.c has the same around each. */
const before =
  "const o = {a: {}, s: 'str', num: 5, bool: true, list: [{}], m(){}}, n = null, " +
  'f = () => ({}), f2 = async () => ({}), F = class {}; let k = 5, u\ntry {\n'
const after = "\nreturn 'nothing thrown'\n} catch (e) { return e.name + ': ' + e.message }"

/** @type {new (body: string) => () => Promise<string>} */
const AsyncFunction = /** @type {any} */ ((async () => {}).constructor)

/** What this runtime says of each mistake. */
export async function messages() {
  const mistakes = readFileSync(new URL('messages.txt', import.meta.url), 'utf8').trim()
  const lines = []
  for (const mistake of mistakes.split('\n')) {
    const message = await new AsyncFunction(before + mistake + after)()
    lines.push(`${mistake}\t${JSON.stringify(message)}\n`)
  }
  return lines.join('')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(await messages())
