// Names of tools: which are allowed, and what is said about the others.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { createPool, toolIdentifier } from '@hutch/isolate'

import { bind, DRIVERS, spawnFixture, success, withContext } from './support.js'

for (const [driverName, createDriver] of DRIVERS) {
  describe(driverName, () => {
    for (const name of [
      'a',
      '_',
      '$',
      'external_getUser',
      'then',
      'get',
      'of',
      'async',
      'x'.repeat(256),
    ]) {
      test(`a tool may be called ${name.slice(0, 20)}`, () =>
        withContext(
          { driver: createDriver(), bindings: { [name]: async () => 'called' } },
          async (context) => {
            assert.equal(success(await context.execute(`return await ${name}({})`)), 'called')
          },
        ))
    }

    for (const name of [
      'Object',
      'Promise',
      'console',
      'globalThis',
      'undefined',
      'NaN',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'eval',
      '',
      'a\0b',
      'x'.repeat(257),
    ]) {
      test(`no tool may be called ${JSON.stringify(name.slice(0, 20))}`, async () => {
        // A computed __proto__ is an own property, as JSON.parse makes it.
        const bindings = bind({ fine: () => 1, [name]: () => 1 })
        await assert.rejects(
          createDriver().createContext({ bindings }),
          (/** @type {Error} */ error) =>
            error instanceof TypeError && /tool/.test(error.message) && error.message.length < 400,
        )
      })
    }
  })
}

/** What an MCP server may call a tool, and what programs call it. */
const BOUND = /** @type {const} */ ([
  ['get-user', 'get_user'],
  ['a b', 'a_b'],
  ['x.y', 'x_y'],
  ['1a', '_1a'],
  ['await', 'await_'],
  ['return', 'return_'],
  ['class', 'class_'],
  ['arguments', 'arguments_'],
  ['ä', '_'],
  ['n\nb', 'n_b'],
  ['c);evil(', 'cevil'],
  ['Object!', 'Object_'],
])

for (const [driverName, createDriver] of DRIVERS) {
  for (const [name, bound] of BOUND) {
    test(`${driverName}: ${JSON.stringify(name)} is called ${bound}, and found by its name`, () => {
      const bindings = { [name]: async (/** @type {unknown} */ input) => [name, input] }
      return withContext({ driver: createDriver(), bindings }, async (context) => {
        const code = `return [await ${bound}(1), await globalThis[${JSON.stringify(name)}](2)]`
        assert.deepEqual(success(await context.execute(code)), [
          [name, 1],
          [name, 2],
        ])
      })
    })
  }

  test(`${driverName}: a name that needs no change wins, later ones have a number`, () => {
    const names = ['a-b', 'a.b', 'a_b', 'a b', 'a_b_2', 'c!', 'c?', 'class', 'class_', '\ud800']
    const bindings = Object.fromEntries(names.map((name) => [name, async () => name]))
    return withContext({ driver: createDriver(), bindings }, async (context) => {
      const code = `return await Promise.all([
        a_b(), a_b_2(), a_b_3(), a_b_4(), a_b_5(), c(), c_2(), class_(), class__2(), _(),
        globalThis['a-b'](), globalThis['a.b'](), globalThis['a b']()])`
      assert.deepEqual(success(await context.execute(code)), [
        'a_b',
        'a_b_2',
        'a-b',
        'a.b',
        'a b',
        'c!',
        'c?',
        'class_',
        'class',
        '\ud800',
        'a-b',
        'a.b',
        'a b',
      ])
    })
  })
}

test('four thousand names that come to the same one', () => {
  const names = Array.from(
    { length: 4000 },
    (_, i) => `a-${'!'.repeat(i % 50)}${'?'.repeat(i / 50)}b`,
  )
  const bindings = Object.fromEntries(names.map((name) => [name, async () => name]))
  return withContext({ bindings }, async (context) => {
    const code = `
      const others = Array.from({ length: ${names.length - 1} }, (_, i) => globalThis['a_b_' + (i + 2)])
      const seen = new Set()
      for (const tool of [a_b, ...others].slice(0, 900)) seen.add(await tool())
      return [seen.size, new Set(others).size]`
    assert.deepEqual(success(await context.execute(code)), [900, names.length - 1])
  })
})

test('a tool takes the place of a global of the Web', () =>
  withContext(
    { bindings: { performance: async () => 'mine', atob: async () => 'too' } },
    async (context) => {
      assert.deepEqual(
        success(await context.execute('return [await performance(), await atob()]')),
        ['mine', 'too'],
      )
    },
  ))

test('a pool refuses two names that come to the same one, and names both', () => {
  using pool = createPool()
  assert.throws(() => pool.open({ tools: ['a-b', 'c', 'a.b'] }), {
    name: 'TypeError',
    message: 'tools "a-b" and "a.b" would both be called a_b',
  })
})

test('a low-level context answers by the name of the tool', async () => {
  using pool = createPool()
  using context = pool.open({ tools: { 'list-issues': (input) => [input, 'listed'] } })
  assert.deepEqual(await context.run("return await list_issues('open')"), ['open', 'listed'])
  assert.deepEqual(
    await context.run("return await list_issues('all')", { tools: { 'list-issues': () => 'own' } }),
    'own',
  )
  context.start('await list_issues()')
  const event = await context.next()
  assert.equal(event.type, 'tool_call')
  assert.equal(event.type === 'tool_call' && event.name, 'list-issues')
})

test('who calls a tool by its own name is told what it is called', () =>
  withContext({ bindings: { 'external_list-issues': async () => 1 } }, async (context) => {
    const result = await context.execute('return await external_list-issues({})')
    assert.equal(result.success, false)
    assert.match(
      result.error?.message ?? '',
      /^external_list is not defined; the tool 'external_list-issues' is called external_list_issues here/,
    )
  }))

test('a second argument is told in the logs', () =>
  withContext({ bindings: { add: async (/** @type {unknown} */ a) => a } }, async (context) => {
    const result = await context.execute(
      'return [await add(1, 2), await Promise.all([3, 4].map(add))]',
    )
    assert.deepEqual(success(result), [1, [3, 4]])
    assert.deepEqual(result.logs, [
      'WARN: add was called with 2 arguments, but a tool takes one, its input: the others were dropped',
    ])
  }))

test('toolIdentifier is what a program calls a tool', () => {
  for (const [name, bound] of BOUND) {
    assert.equal(toolIdentifier(name), bound)
  }
  assert.equal(toolIdentifier('list-issues'), 'list_issues')
  assert.throws(() => toolIdentifier('Object'), {
    name: 'TypeError',
    message: /"Object": expected/,
  })
  assert.throws(() => toolIdentifier(''), { name: 'TypeError', message: /at least one/ })
  // @ts-expect-error
  assert.throws(() => toolIdentifier(5), { name: 'TypeError', message: /must be a string, got 5/ })
})

test('that a tool has got another name is said once in a process', async () => {
  const { output } = await spawnFixture('names.js').ended
  assert.deepEqual(JSON.parse(output), [
    'the tool "a.b" is called a_b_2 in programs, because another tool has the name that it would have; ' +
      'others like it are not told',
  ])
})

test('a tool is an async function of its name, which the guest may replace for itself', () =>
  withContext({ bindings: { t: async () => 'host' } }, async (context) => {
    const code = `
      const promise = t({})
      const seen = [t.name, typeof t, promise instanceof Promise, await promise]
      globalThis.t = () => 'mine'
      return [...seen, t()]`
    assert.deepEqual(success(await context.execute(code)), ['t', 'function', true, 'host', 'mine'])
  }))
