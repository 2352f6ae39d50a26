// What errors say beyond the contract: excerpts, hints, fields of the low level.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { createPool, RunError } from '@hutch/isolate'
import { createIsolateDriver, createQuickJSBunIsolateDriver } from '@hutch/isolate/tanstack'

import { errorOf, failure, success, withContext } from './support.js'

const PROGRAM = `const users = [{ name: 'Ada' }, { nmae: 'Grace' }]

function shout(user) {
  return user.name.toUpperCase()
}
return users.map(shout)`

const EXCERPT = `  2 | 
  3 | function shout(user) {
> 4 |   return user.name.toUpperCase()
    |                    ^^^^^^^^^^^
  5 | }`

const MESSAGE = "Cannot read properties of undefined (reading 'toUpperCase')"

describe('createIsolateDriver: excerpts', () => {
  test('a message goes on with the place and the lines around it', async () => {
    const error = await errorOf(PROGRAM)
    assert.equal(error.name, 'TypeError')
    assert.equal(error.message, `${MESSAGE}\n    at program.ts:4:20\n\n${EXCERPT}`)
    assert.equal(
      error.stack,
      `TypeError: ${MESSAGE}\n    at shout (program.ts:4:20)\n    at program.ts:6:14`,
    )
  })

  test('a syntax error says what was expected, and shows where', async () => {
    const error = await errorOf('const a = 1\nconst b = = 2\n')
    assert.equal(error.name, 'SyntaxError')
    assert.match(error.message, /^expected an expression, found '='\n {4}at program\.ts:2:11\n/)
    assert.ok(error.message.endsWith('> 2 | const b = = 2\n    |           ^'))
  })

  test('a message without a place stays as it is', async () => {
    for (const [code, message] of [
      ["throw 'text'", 'text'],
      ["throw { message: 'no stack' }", 'no stack'],
    ]) {
      assert.equal((await errorOf(String(code))).message, message)
    }
    const timeout = await errorOf('for (;;) ;', { timeout: 50 })
    assert.ok(!timeout.message.includes('\n'))
  })

  test('a place that the program made up shows one of its own lines, or none', async () => {
    const forged = (/** @type {string} */ place) =>
      `const e = new Error('m'); e.stack = '    at f (program.ts:${place})'; throw e`
    assert.match(
      (await errorOf(forged('1:7'))).message,
      /^m\n {4}at program\.ts:1:7\n\n> 1 \| const e/,
    )
    assert.equal((await errorOf(forged('99:1'))).message, 'm')
  })

  test('control characters of the program are not in the message', async () => {
    const error = await errorOf("/* \x1b[31m \u202e */ throw new Error('m')")
    assert.ok(error.message.includes('/* \ufffd[31m \ufffd */'), error.message)
  })

  test('each program shows its own lines, whoever is behind it in the queue', () =>
    withContext({}, async (context) => {
      const results = await Promise.all([
        context.execute('null.first'),
        context.execute('await 0\nnull.second'),
        context.execute('\n\nnull.third'),
      ])
      const messages = results.map((result) => failure(result).message)
      assert.match(messages[0] ?? '', /> 1 \| null\.first/)
      assert.match(messages[1] ?? '', /> 2 \| null\.second/)
      assert.match(messages[2] ?? '', /> 3 \| null\.third/)
    }))

  test('excerpt: false leaves the message alone', async () => {
    const driver = createIsolateDriver({ excerpt: false })
    assert.equal((await errorOf(PROGRAM, { driver })).message, MESSAGE)
  })

  test('the drop-in does as the quickjs-bun driver did, unless told', async () => {
    const driver = createQuickJSBunIsolateDriver()
    assert.equal((await errorOf(PROGRAM, { driver })).message, MESSAGE)
    const told = createQuickJSBunIsolateDriver({ excerpt: true })
    assert.ok((await errorOf(PROGRAM, { driver: told })).message.endsWith(EXCERPT))
  })
})

describe('hints', () => {
  const bindings = { external_searchPlaces: () => 1, external_sum: () => 2 }
  /** @param {string} message */
  const firstLine = (message) => message.split('\n')[0]

  test('an unknown name names the tools that were meant', async () => {
    for (const name of ['searchPlaces', 'external_serchPlaces', 'externalSearchPlaces']) {
      const error = await errorOf(`return ${name}({})`, { bindings })
      assert.equal(
        firstLine(error.message),
        `${name} is not defined; did you mean 'external_searchPlaces'?`,
      )
    }
  })

  test('a missing global says what there is instead', async () => {
    const { message } = await errorOf("await fetch('x')", { bindings })
    assert.match(message, /no network.*: external_searchPlaces, external_sum\n/)
  })

  test('hints: false, and the drop-in, keep the message of the engine', async () => {
    for (const driver of [createIsolateDriver({ hints: false }), createQuickJSBunIsolateDriver()]) {
      const error = await errorOf('searchPlaces()', { bindings, driver })
      assert.equal(firstLine(error.message), 'searchPlaces is not defined')
    }
  })
})

describe('stacks have the frames of the program only', () => {
  const bindings = {
    pass: (/** @type {unknown} */ input) => input,
    fail: async () => {
      throw new Error('down')
    },
  }

  test('across awaits and tool calls', async () => {
    const code = `async function inner() {
  await pass({})
  const row = await 0
  return row.x.y
}
async function outer() { return await inner() }
await pass({})
await outer()`
    const error = await errorOf(code, { bindings })
    assert.match(error.stack ?? '', /\n {4}at inner \(program\.ts:4:16\)/)
    for (const line of (error.stack ?? '').split('\n').slice(1)) {
      assert.match(line, /^ {4}at (\w+ \()?program\.ts:\d+:\d+\)?$/)
    }
  })

  test('a tool that failed is told where it was called', async () => {
    const code = 'async function ask() {\n  await pass({})\n  return await fail({})\n}\nawait ask()'
    const error = await errorOf(code, { bindings })
    assert.match(error.stack ?? '', /\n {4}at ask \(program\.ts:3:16\)/)
    assert.match(error.message, /> 3 \| {3}return await fail/)
  })

  test('through native functions', async () => {
    const error = await errorOf('return [3, 1].sort(function by() {\n  throw new Error("x")\n})')
    assert.equal(error.stack, 'Error: x\n    at by (program.ts:2:9)\n    at program.ts:1:15')
  })
})

describe('the low level', () => {
  test('failed events and RunErrors have line, column and excerpt', async () => {
    using pool = createPool()
    using context = pool.open()
    context.start(PROGRAM)
    const event = await context.next()
    assert.ok(event.type === 'failed')
    assert.deepEqual([event.line, event.column, event.message], [4, 20, MESSAGE])
    assert.equal(event.excerpt, `${EXCERPT}\n`)
    await assert.rejects(context.run(PROGRAM), (error) => {
      assert.ok(error instanceof RunError)
      assert.deepEqual([error.line, error.column, error.message], [4, 20, MESSAGE])
      assert.equal(error.excerpt, `${EXCERPT}\n`)
      return true
    })
    await assert.rejects(context.run("throw 'no place'"), { excerpt: undefined, line: undefined })
  })

  test('hints are on unless told', async () => {
    using pool = createPool()
    using hinting = pool.open({ tools: ['search'] })
    using plain = pool.open({ tools: ['search'], hints: false })
    await assert.rejects(hinting.run('serch()'), /did you mean 'search'\?$/)
    await assert.rejects(plain.run('serch()'), /^ReferenceError: serch is not defined$/)
    assert.equal(success({ success: true, value: await plain.run('return 1'), logs: [] }), 1)
  })
})
