// TypeScript: in programs, through Code Mode, and as texts.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { createPool } from '@hutch/isolate'
import { StripError, stripTypes } from '@hutch/isolate/strip'
import { transpile } from '@hutch/isolate/tanstack'
import { toolDefinition } from '@tanstack/ai'
import { createCodeModeTool } from '@tanstack/ai-code-mode'
import { z } from 'zod'

import { DRIVERS, errorOf, evaluate } from './support.js'

/** Programs as models write them, each with all that it does seen in its result. */
const PROGRAMS = {
  'tools joined by types': `
interface City { name: string; population: number }
type ByName<T extends { name: string }> = Record<string, T>

const { cities }: { cities: City[] } = await external_listCities({ country: 'NO' })
const byName = cities.reduce<ByName<City>>((all, city) => ({ ...all, [city.name]: city }), {})
const largest = Object.values(byName).sort((a: City, b: City): number => b.population - a.population)[0]!
return { largest: largest.name, count: cities.length as number }`,
  'a fan-out with a generic helper': `
async function inBatches<T, R>(items: readonly T[], size: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let i = 0; i < items.length; i += size) {
    results.push(...(await Promise.all(items.slice(i, i + size).map(work))))
  }
  return results
}
const countries = ['NO', 'SE', 'DK'] as const
const lists = await inBatches(countries, 2, async (country) => (await external_listCities({ country })).cities)
console.log('lists:', lists.length)
return lists.flat().map(({ name }: { name: string }) => name)`,
  'an enum and a class': `
enum Size { Small = 1, Large = Small * 10 }
class Counter<K extends string = string> {
  private readonly counts = new Map<K, number>()
  constructor(private readonly start: number = 0) {}
  add(key: K): this { this.counts.set(key, (this.counts.get(key) ?? this.start) + 1); return this }
  get entries(): [K, number][] { return [...this.counts] }
}
return { size: Size.Large, name: Size[1], entries: new Counter<'a' | 'b'>(Size.Small).add('a').add('b').add('a').entries }`,
  'an error that is caught': `
type Outcome = { ok: true; value: unknown } | { ok: false; error: string }
const outcomes: Outcome[] = []
for (const country of ['NO', 'XX']) {
  try {
    outcomes.push({ ok: true, value: (await external_listCities({ country })).cities.length })
  } catch (error: unknown) {
    outcomes.push({ ok: false, error: (error as Error).message })
  }
}
return outcomes satisfies Outcome[]`,
  'overloads, a predicate, an assertion': `
function first(values: string): string
function first<T>(values: T[]): T | undefined
function first(values: any): any { return values[0] }
const isText = (value: unknown): value is string => typeof value === 'string'
function check(condition: unknown): asserts condition { if (!condition) throw new Error('no') }
const values: unknown[] = [1, 'a', <any>'b', null!]
check(values.length)
return [first('xyz'), first([1, 2]), values.filter(isText), values?.[1]]`,
  'plain JavaScript': `
const rows = (await external_listCities({ country: 'SE' })).cities
const [a, b] = rows
return { a, more: b.population < a.population ? 'a' : 'b', text: \`\${rows.length > 1 ? 'many' : 'few'}\`, re: /<T>/.test('<T>') }`,
}

const CITIES = {
  NO: [
    { name: 'Oslo', population: 700 },
    { name: 'Bergen', population: 290 },
  ],
  SE: [
    { name: 'Stockholm', population: 980 },
    { name: 'Malmö', population: 350 },
  ],
  DK: [{ name: 'København', population: 650 }],
}

const listCities = toolDefinition({
  name: 'listCities',
  description: 'Cities of a country',
  inputSchema: z.object({ country: z.string() }),
  outputSchema: z.object({
    cities: z.array(z.object({ name: z.string(), population: z.number() })),
  }),
}).server(async ({ country }) => {
  const cities = CITIES[/** @type {keyof typeof CITIES} */ (country)]
  if (cities === undefined) {
    throw new Error(`no such country: ${country}`)
  }
  return { cities }
})

for (const [name, createDriver] of DRIVERS) {
  /** @param {string} typescriptCode @param {object} options */
  const run = async (typescriptCode, options) => {
    const tool = createCodeModeTool({ driver: createDriver(), tools: [listCities], ...options })
    return /** @type {any} */ (await tool.execute?.({ typescriptCode }))
  }

  describe(`${name} in createCodeMode with transpile`, () => {
    for (const [what, code] of Object.entries(PROGRAMS)) {
      test(`${what}: the same result as with sucrase`, async () => {
        const ours = await run(code, { transpile })
        assert.equal(ours.success, true, JSON.stringify(ours))
        assert.deepEqual(ours, await run(code, {}))
      })
    }

    test('what sucrase drops or leaves runs as well', async () => {
      const result = await run(
        'namespace Geo { export const half = (n: number): number => n / 2 }\nreturn Geo.half(4)',
        { transpile },
      )
      assert.deepEqual([result.success, result.result], [true, 2])
    })
  })

  describe(`${name}: TypeScript`, () => {
    test('execute takes it as it is', async () => {
      const code = 'interface A { n: number }\nconst a: A = { n: 1 }\nreturn a.n as number'
      assert.equal(await evaluate(code, { driver: createDriver() }), 1)
    })

    test('a runtime error is at its line and column', async () => {
      const code = `interface Row {
  id: number
}

const rows: Array<Row | undefined> = [{ id: 1 }, undefined]
return rows.map((row: Row | undefined): number => row!.id)`
      const error = await errorOf(code, { driver: createDriver() })
      assert.match(error.stack ?? '', /program\.ts:6:56/)
    })

    test('a syntax error is at its line and column, and says what was expected', async () => {
      const code = "type A = { a: string }\nconst a: A = { a: 'x' \nreturn a"
      const error = await errorOf(code, { driver: createDriver() })
      assert.equal(error.name, 'SyntaxError')
      assert.match(error.message, /^expected .*, found 'return'/)
      assert.match(error.stack ?? '', /program\.ts:3:1$/)
    })

    test('typescript: false makes it JavaScript', async () => {
      const code = 'const f = (x) => [x], number = 0; return f<number>(5)'
      assert.deepEqual(await evaluate(code, { driver: createDriver() }), [5])
      const driver = createDriver({ typescript: false })
      assert.equal(await evaluate(code, { driver }), false)
      assert.equal((await errorOf('let a: number', { driver })).name, 'SyntaxError')
    })
  })
}

test('errors through Code Mode are at the true line', async () => {
  const [[, createIsolateDriver]] = DRIVERS
  const code = `interface Input { country: string }

async function ask(input: Input): Promise<number> {
  const { cities } = await external_listCities(input)
  return cities.lenght.toFixed(2)
}

return await ask({ country: 'NO' })`
  const tool = createCodeModeTool({
    driver: createIsolateDriver(),
    tools: [listCities],
    transpile,
  })
  const result = await tool.execute?.({ typescriptCode: code })
  const { error } = /** @type {any} */ (result)
  assert.equal(error.name, 'TypeError')
  assert.match(error.message, /\n {4}at program\.ts:5:24\n/)
  assert.ok(error.message.includes('\n  3 | async function ask(input: Input): Promise<number> {\n'))
  assert.match(error.message, /\n> 5 \| {3}return cities\.lenght\.toFixed\(2\)\n/)
})

test('transpile gives the program back', () => {
  assert.equal(transpile('let a: number'), 'let a: number')
})

test('the low level takes TypeScript too', async () => {
  using pool = createPool()
  using context = pool.open()
  assert.equal(await context.run('const a: number = 1; return a'), 1)
  using plain = pool.open({ typescript: false })
  await assert.rejects(plain.run('const a: number = 1'), { failure: 'syntax_error', line: 1 })
})

describe('stripTypes', () => {
  test('types become blanks, and tokens stay where they are', () => {
    const source = 'const a: number = 1\nlet b = <any>a as {\n  c: 1 }\nreturn b!.c'
    const stripped = 'const a         = 1\nlet b =      a;    \n        \nreturn b .c'
    assert.equal(stripTypes(source), stripped)
  })

  test('each UTF-16 unit of a type becomes a blank', () => {
    assert.equal(stripTypes("let a: '日😀' = x"), 'let a        = x')
  })

  test('JavaScript comes back as it is', () => {
    for (const source of ['', 'return 1', 'a ? b : c', '// \u2028 x', 'const é = `😀`']) {
      assert.equal(stripTypes(source), source)
    }
  })

  test('programs and modules', () => {
    const source = "import type { A } from 'a'\nexport const a: A = 1"
    assert.equal(stripTypes(source, { module: true }).trim(), 'export const a    = 1')
    assert.throws(() => stripTypes(source), { name: 'SyntaxError', line: 2, column: 1 })
  })

  test('what is neither is a SyntaxError with line, column and excerpt', () => {
    assert.throws(
      () => stripTypes('const a = 1\nconst é: = 2'),
      (error) => {
        assert.ok(error instanceof StripError && error instanceof SyntaxError)
        assert.deepEqual([error.name, error.line, error.column], ['SyntaxError', 2, 10])
        assert.match(error.message, /^expected .*, found '='$/)
        assert.equal(error.excerpt, '  1 | const a = 1\n> 2 | const é: = 2\n    |          ^\n')
        return true
      },
    )
  })

  test('arguments', () => {
    const bad = /** @type {any} */ (stripTypes)
    for (const source of [undefined, null, 5, {}]) {
      assert.throws(() => bad(source), { name: 'TypeError', message: /^source must be a string/ })
    }
    assert.throws(() => bad('', { modul: true }), { name: 'TypeError', message: /"modul"/ })
    assert.throws(() => bad('', { module: 1 }), { name: 'TypeError', message: /^module must be/ })
    assert.throws(() => bad('', null), TypeError)
  })
})
