/** Whether tests/isolate/messages.golden is what Node.js 24 says today. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { messages } from '../isolate/messages.mjs'

const isNode24 =
  process.versions.node.startsWith('24.') && !process.versions.bun && !process.versions.deno

test('messages.golden is that of Node.js 24', { skip: !isNode24 }, async () => {
  const golden = readFileSync(new URL('../isolate/messages.golden', import.meta.url), 'utf8')
  assert.equal(golden, await messages(), 'run tests/isolate/messages.mjs, as its head says')
})
