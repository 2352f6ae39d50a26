// Type-checking programs against the declarations of their tools, and the command for it.
// @ts-check
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { checkProgram } from '@hutch/isolate/check'
import { createIsolateDriver } from '@hutch/isolate/tanstack'
import { toolDefinition } from '@tanstack/ai'
import { createCodeMode } from '@tanstack/ai-code-mode'
import { z } from 'zod'

import { evaluate } from './support.js'

const TOOLS = `interface External_getWeatherInput {
  city: string;
  unit?: "C" | "F";
}

/** The weather of a city */
declare function external_getWeather(input: External_getWeatherInput): Promise<{ degrees: number }>;`

/** The globals that TypeScript's declarations of ECMAScript have. */
function declaredNames() {
  const found = declarations().flatMap((text) => [
    ...text.matchAll(/^declare (?:var|let|const|function|class|namespace|abstract class) (\w+)/gm),
  ])
  return new Set(found.map(([, name]) => name))
}

/** The files in which TypeScript declares ECMAScript. */
function declarations() {
  const native = fileURLToPath(new URL('../../node_modules/@typescript/', import.meta.url))
  const folder = readdirSync(native)
    .map((name) => join(native, name, 'lib'))
    .find((path) => existsSync(join(path, 'lib.es5.d.ts')))
  assert.ok(folder !== undefined, 'no declarations of TypeScript')
  const files = readdirSync(folder).filter((name) => /^lib\.es\w+(\.\w+)*\.d\.ts$/.test(name))
  return files.map((name) => readFileSync(join(folder, name), 'utf8'))
}

/** The members of globals that have a type of their own, `Math.max` as ['Math', 'max']. */
function declaredMembers() {
  /** @type {Map<string, string>} */
  const globals = new Map()
  /** @type {[string, string][]} */
  const members = []
  for (const text of declarations()) {
    for (const [, name = '', type = ''] of text.matchAll(/^declare (?:var|const) (\w+): (\w+)/gm)) {
      globals.set(type, name)
    }
    for (const [, type = '', body = ''] of text.matchAll(
      /^(?:declare )?interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm,
    )) {
      for (const [, key = ''] of body.matchAll(/^ {4}(?:readonly )?"?([\w$]+)"?\??[(:<]/gm)) {
        members.push([type, key])
      }
    }
  }
  return members.flatMap(([type, key]) => {
    const name = globals.get(type)
    return name === undefined ? [] : [[name, key]]
  })
}

/** @param {string} code */
const check = (code) => checkProgram(code, { tools: TOOLS })

describe('checkProgram', () => {
  test('text that closes the function around a program is a syntax error', async () => {
    for (const code of [
      '}\nfunction g() {',
      '}\ndeclare global { var add: string }\nfunction g() {',
    ]) {
      const [first] = await check(code)
      assert.ok(first !== undefined, code)
      assert.equal(first.line, 1)
    }
  })

  test('a program that is right has no diagnostics', async () => {
    const code = `interface Row { city: string; degrees: number }
const cities = ['Rome', 'Oslo'] as const
const rows: Row[] = await Promise.all(cities.map(async (city) => ({
  city, ...(await external_getWeather({ city, unit: 'C' })),
})))
console.table(rows)
enum Unit { C, F }
namespace Names { export const first = rows[0]?.city }
declare const later: number
try { await external_getWeather({ city: 'x' }) } catch (error) { console.error(error.message) }
function untyped(a, b) { this.sum = a + b; return this.sum }
return { rows, unit: Unit.C, first: Names.first, sum: untyped(1, 2), now: performance.now() }`
    assert.deepEqual(await check(code), [])
  })

  // What `tsc --strict` accepts, and what has no types at all.
  for (const [what, code] of [
    [
      'an empty array that is filled',
      'const out = []\nfor (const n of [1, 2]) out.push({ n })\nreturn out[0].n',
    ],
    [
      'a best that begins as null',
      'let best = null\nfor (const n of [3, 5]) { if (best === null || n > best) best = n }\nreturn best',
    ],
    [
      'pages with a cursor',
      'const all = []\nlet cursor\ndo {\n  const page = await external_getWeather({ city: "x" })\n  all.push(page)\n  cursor = all.length < 3 ? String(all.length) : undefined\n} while (cursor)\nreturn all.map((page) => page.degrees)',
    ],
    [
      'an empty object by keys',
      'const counts = {}\nfor (const word of ["a", "b"]) counts[word] = (counts[word] ?? 0) + 1\nreturn counts',
    ],
    [
      'functions without types',
      'const f = (a, { b }, ...rest) => [a, b, rest]\nfunction g(row) { return row.n }\nreturn [f(1, { b: 2 }, 3), g({ n: 1 })]',
    ],
  ]) {
    test(`accepted: ${what}`, async () => {
      assert.deepEqual(await check(code), [])
    })
  }

  test('what is wrong is told at the line and column of the program', async () => {
    const code =
      "const é = '😀'; const n: number = é\n\nconst w = await external_getWeather({ cty: 'x' })\nreturn w.degree"
    const diagnostics = await check(code)
    assert.deepEqual(
      diagnostics.map(({ line, column, code }) => [line, column, code]),
      [
        [1, 23, 2322],
        [3, 39, 2561],
        [4, 10, 2551],
      ],
    )
    assert.match(diagnostics[1]?.message ?? '', /Did you mean to write 'city'/)
  })

  test('a tool that does not exist, and what other runtimes have', async () => {
    for (const name of [
      'external_getWeathr',
      'fetch',
      'setTimeout',
      'process',
      'document',
      'URL',
    ]) {
      const [diagnostic] = await check(`\nreturn ${name}`)
      assert.ok(diagnostic !== undefined, name)
      assert.deepEqual([diagnostic.line, diagnostic.column], [2, 8])
      assert.match(diagnostic.message, new RegExp(`Cannot find name '${name}'`))
    }
  })

  test('errors of syntax, at the end of the program at most', async () => {
    const places = async (/** @type {string} */ code) =>
      (await check(code)).map(({ line, column }) => [line, column])
    assert.deepEqual(await places('let x = ;'), [[1, 9]])
    assert.deepEqual((await places('if (true) {\n  f(')).at(-1), [2, 5])
    assert.notDeepEqual(await places("import fs from 'node:fs'"), [])
  })

  test('a program reads no file by its types', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hutch-secret-'))
    writeFileSync(join(folder, 'secret.ts'), "export const key = 'hunter2'\n")
    const path = join(folder, 'secret.ts')
    for (const code of [
      `const a: typeof import(${JSON.stringify(path)}) = 1; const b: 1 = a.key`,
      `const b: 1 = (await import(${JSON.stringify(path)})).key`,
      `/// <reference path=${JSON.stringify(path)} />\nconst b: 1 = key`,
    ]) {
      assert.ok(!JSON.stringify(await check(code)).includes('hunter2'), code)
    }
    rmSync(folder, { recursive: true })
  })

  test("the declarations of Code Mode's system prompt", async () => {
    const tool = toolDefinition({
      name: 'getRows',
      description: 'Rows of a table',
      inputSchema: z.object({ table: z.string(), limit: z.number().optional() }),
      outputSchema: z.object({ rows: z.array(z.string()) }),
    }).server(async () => ({ rows: [] }))
    const { systemPrompt } = createCodeMode({
      driver: createIsolateDriver(),
      tools: /** @type {any} */ ([tool]),
    })
    const tools = /### Type Definitions\n\n```typescript\n([\s\S]*?)\n```/.exec(systemPrompt)?.[1]
    assert.ok(tools?.includes('declare function external_getRows'))
    const right = "return (await external_getRows({ table: 't' })).rows.join()"
    assert.deepEqual(await checkProgram(right, { tools }), [])
    const wrong = "return (await external_getRows({ tabel: 't' })).row"
    const diagnostics = await checkProgram(wrong, { tools })
    assert.deepEqual(
      diagnostics.map(({ line, column }) => [line, column]),
      [
        [1, 34],
        [1, 49],
      ],
    )
  })

  test('declarations that are wrong are the mistake of the host', async () => {
    await assert.rejects(
      checkProgram('return 1', { tools: 'declare function f(a: Missing): void' }),
      /^Error: The declarations of the tools are wrong: tools\.d\.ts:1:\d+: Cannot find name 'Missing'/,
    )
  })

  test('arguments', async () => {
    const bad = /** @type {any} */ (checkProgram)
    await assert.rejects(bad(5), { name: 'TypeError', message: /^code must be a string, got 5/ })
    await assert.rejects(bad('', { tools: 5 }), { name: 'TypeError', message: /^tools must be/ })
    await assert.rejects(bad('', { tool: '' }), { name: 'TypeError', message: /"tool"/ })
    await assert.rejects(bad('', { timeout: 0 }), { name: 'RangeError', message: /^timeout / })
    await assert.rejects(checkProgram('return 1', { timeout: 1 }), /needed more than 1 ms/)
  })

  test('the realm is declared as it is', async () => {
    const real = await evaluate(`
const names = (o) => Reflect.ownKeys(o).filter((k) => typeof k === 'string' && /^[A-Za-z_$][\\w$]*$/.test(k))
const isObject = (v) => v !== null && (typeof v === 'object' || typeof v === 'function')
return Object.getOwnPropertyNames(globalThis).flatMap((name) => {
  const value = globalThis[name]
  const own = isObject(value) && name !== 'globalThis' ? names(value) : []
  const inherited = typeof value === 'function' && isObject(value.prototype) ? names(value.prototype) : []
  return [name, ...own.map((k) => name + '.' + k), ...inherited.map((k) => name + '.prototype.' + k)]
})`)
    const told = await check(real.map((/** @type {string} */ name) => `void ${name}`).join('\n'))
    const unknown = told.map(({ line }) => real[line - 1])
    // What no program shall use, and what TypeScript's older versions cannot be given.
    const left =
      /^(Object\.prototype\.__\w+__|Function\.prototype\.(file|line|column)\w+|Date\.prototype\.(toGMTString|[gs]etYear)|DOMException\.(prototype\.)?[A-Z_]+_ERR|WeakMap\.prototype\.getOrInsert\w*|Iterator\.prototype\.(chunks|windows|includes|join))$/
    assert.deepEqual(
      unknown.filter((/** @type {string} */ name) => !left.test(name)),
      [],
    )
    assert.ok(real.length > 700, `${real.length} names`)
    const declared = await check(
      'return (console as any as { [k in keyof typeof console]: 1 }).nope',
    )
    assert.match(declared[0]?.message ?? '', /'nope' does not exist/)
  })

  test("what TypeScript's own declarations have is in the realm, or told to be absent", async () => {
    const names = [...declaredNames()]
    assert.ok(names.length > 60, `${names.length} names`)
    const absent = await evaluate(
      `return ${JSON.stringify(names)}.filter((name) => !(name in globalThis))`,
    )
    assert.deepEqual(absent.sort(), ['Intl', 'Temporal'])
    for (const use of [
      "return new Intl.NumberFormat('en-US').format(1234567)",
      'return Intl.DateTimeFormat().resolvedOptions()',
      'return Temporal.Now.instant()',
      'return Intl?.Collator',
      'const { Collator } = Intl; return Collator',
      'const f = Intl; return f',
      'return { Intl }',
      'return [Intl, 1].length',
      'return String(Temporal)',
      'const t: Intl.NumberFormatOptions = {}; return [t, Intl]',
    ]) {
      const found = await check(use)
      assert.deepEqual(
        found.map(({ code, column }) => [code, column]),
        [[2304, Math.max(use.lastIndexOf('Intl'), use.indexOf('Temporal')) + 1]],
        use,
      )
      assert.match(found[0]?.message ?? '', /^Cannot find name '(Intl|Temporal)': there is no/)
    }
    const [diagnostic] = await check('return [\n  Intl.Collator]')
    assert.deepEqual([diagnostic?.line, diagnostic?.column, diagnostic?.code], [2, 3, 2304])
    assert.match(diagnostic?.message ?? '', /Cannot find name 'Intl': .*toFixed/)
  })

  test("members that TypeScript's own declarations have are in the realm, or told to be absent", async () => {
    const members = declaredMembers()
    assert.ok(members.length > 250, `${members.length} members`)
    const absent = await evaluate(`return ${JSON.stringify(members)}.filter(([name, key]) => {
      const value = globalThis[name]
      return value !== undefined && !(key in value) && !(key in (value.prototype ?? {}))
    })`)
    const told = await check(
      absent.map((/** @type {string[]} */ [name, key]) => `void ${name}.${key}`).join('\n'),
    )
    assert.ok(absent.length > 15, `${absent.length} absent`)
    assert.deepEqual(
      told.map(({ line }) => absent[line - 1]),
      absent,
    )
    for (const { message } of told) {
      assert.match(message, /^'[\w$]+' does not exist on '\w+': /)
    }
    for (const [code, column, name] of /** @type {[string, number, string][]} */ ([
      ['const { waitAsync } = Atomics; return waitAsync', 9, 'waitAsync'],
      ['const { waitAsync: w, add } = Atomics; return [w, add]', 9, 'waitAsync'],
      ["return Atomics['waitAsync']", 8, 'waitAsync'],
      ["return RegExp['$1']", 8, '$1'],
      ['const { $1, lastMatch: all } = RegExp; return $1', 9, '$1'],
      ['const a = Atomics; return a.waitAsync', 29, 'waitAsync'],
    ])) {
      const [found] = await check(code)
      assert.match(
        found?.message ?? '',
        new RegExp(`^'${name.replace('$', '\\$')}' does not exist on '(Atomics|RegExp)': `),
        code,
      )
      assert.deepEqual([found?.line, found?.column, found?.code], [1, column, 2339], code)
    }
    const [date] = await check('return new Date().toTemporalInstant()')
    assert.match(date?.message ?? '', /^'toTemporalInstant' does not exist on 'Date': .*use Date/)
    assert.deepEqual([date?.line, date?.column, date?.code], [1, 19, 2339])
  })

  test('an absent member is none in a text, in an own object, and where it is asked for', async () => {
    for (const code of [
      "const s: 'RegExp.$1' = 'RegExp.$1' // RegExp.$1\nreturn s",
      'const RegExp = { $1: 5, input: 6 }\nreturn RegExp.$1 + RegExp.input',
      "return typeof Atomics.waitAsync === 'function' ? Atomics.waitAsync : null",
      'const o = { Symbol: { metadata: 5 } }\nreturn o.Symbol.metadata',
      'const matched = /(a)/.exec("a")\nreturn matched?.input',
      "return [new RegExp('a', 'g'), RegExp('a'), RegExp.escape('a'), RegExp.prototype.test]",
      "class Own extends RegExp { own = 1 }\nreturn new Own('a').own + new Own('b').lastIndex",
      'const f = (x: unknown) => (x instanceof RegExp ? x.source : x)\nreturn f(/a/)',
      'const rows: RegExp[] = [/a/]\nreturn rows.map((row: RegExp) => row.flags)',
      'const { add, load } = Atomics\nreturn add(new Int32Array(1), 0, 1) + load(new Int32Array(1), 0)',
      "return 'a-b'.replace(RegExp('-'), (all: string) => all).split(new RegExp('b'))",
      'return Math.sumPrecise ? Math.sumPrecise([1]) : 0',
      'return Math.sumPrecise ? 1 : 0',
      'if (Uint8Array.fromBase64) { return 1 } return JSON.rawJSON ? 2 : 3',
      'return queueMicrotask ? 1 : 0',
    ]) {
      assert.deepEqual(await check(code), [], code)
    }
    const [wrong] = await check("const s: 'RegExp.$1' = 'RegExp.$2'\nreturn s")
    assert.match(wrong?.message ?? '', /'"RegExp\.\$2"' is not assignable to type '"RegExp\.\$1"'/)
  })

  test('who asks whether something is there, or has it himself, is right', async () => {
    for (const code of [
      "return typeof Intl === 'undefined' ? 'none' : new Intl.NumberFormat('en').format(1)",
      "if (typeof Intl !== 'undefined') { return Intl.Collator } return 1",
      'const Intl = { a: 1 }\nreturn Intl.a',
      'const f = (Intl: { a: number }) => Intl.a\nreturn f({ a: 1 })',
      "return (5).toLocaleString('en', { style: 'percent' })",
      'const options: Intl.NumberFormatOptions = {}\nreturn options',
    ]) {
      assert.deepEqual(await check(code), [], code)
    }
  })
})

describe('hutch check', () => {
  const command = fileURLToPath(new URL('../../js/dist/hutch', import.meta.url))
  const runtime = 'Deno' in globalThis ? 'deno' : 'Bun' in globalThis ? 'bun' : 'node'
  const programs = mkdtempSync(join(tmpdir(), 'hutch-check-runtime-'))
  symlinkSync(process.execPath, join(programs, runtime))
  after(() => rmSync(programs, { recursive: true }))

  /**
   * What npm installs as `hutch`, with this runtime as the only one that it can find.
   *
   * @param {string} input
   * @param {string[]} words
   */
  const run = (input, ...words) => {
    const env = { ...process.env, PATH: programs }
    const child = spawn(command, words, { stdio: 'pipe', env })
    const texts = { output: '', errors: '' }
    child.stdout.setEncoding('utf8').on('data', (text) => {
      texts.output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      texts.errors += text
    })
    // A command that refuses its words reads nothing.
    child.stdin.on('error', () => {}).end(input)
    return new Promise((resolve) => {
      child.on('close', (status) => resolve({ status, ...texts }))
    })
  }

  /** @param {(file: string) => Promise<void>} use */
  const withTools = async (use) => {
    const folder = mkdtempSync(join(tmpdir(), 'hutch-check-test-'))
    writeFileSync(join(folder, 'tools.d.ts'), TOOLS)
    await use(join(folder, 'tools.d.ts'))
    rmSync(folder, { recursive: true })
  }

  test('a program that is right: status 0 and no word', () =>
    withTools(async (tools) => {
      const code = "return (await external_getWeather({ city: 'Rome' })).degrees"
      assert.deepEqual(await run(code, 'check', '-', '--tools', tools), {
        status: 0,
        output: '',
        errors: '',
      })
    }))

  test('a program that is wrong: status 1, the place and the lines', () =>
    withTools(async (tools) => {
      const { status, output, errors } = await run(
        "const row = 1\nreturn external_getWeather({ town: 'Rome' })",
        'check',
        '-',
        '--tools',
        tools,
      )
      assert.deepEqual([status, output], [1, ''])
      assert.match(errors, /^stdin:2:30: error TS\d+: /)
      assert.match(
        errors,
        / {2}> 2 \| return external_getWeather\({ town: 'Rome' }\)\n {6}\| +\^{4}/,
      )
    }))

  test('--json', async () => {
    const { status, output, errors } = await run('return nope', 'check', '--json', '-')
    assert.deepEqual([status, errors], [1, ''])
    const { success, diagnostics } = JSON.parse(output)
    assert.equal(success, false)
    assert.deepEqual(diagnostics[0], {
      line: 1,
      column: 8,
      code: 2304,
      message: "Cannot find name 'nope'.",
    })
  })

  test('what a terminal would obey is written out, in JSON too, which keeps its value', async () => {
    const text = '\u202e\u009b31m\u{e0041}'
    const code = `let flag: 'x' = ${JSON.stringify(text)}\nreturn flag`
    const plain = await run(code, 'check', '-')
    assert.match(plain.errors, /"\\u\{202e\}\\x9b31m\\u\{e0041\}"/)
    const json = await run(code, 'check', '--json', '-')
    assert.ok(JSON.parse(json.output).diagnostics[0].message.includes(text))
    for (const printed of [plain.errors, json.output]) {
      assert.doesNotMatch(printed.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    }
  })

  test('files by name, beyond a dash; the first line of a script', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hutch-check-test-'))
    const file = join(folder, 'a program.ts')
    writeFileSync(file, '#!/usr/bin/env -S hutch run\nreturn nope')
    const { status, errors } = await run('', 'check', '--timeout', '2m', '--', file)
    assert.equal(status, 1)
    assert.ok(errors.startsWith(`${file}:2:8: error TS2304: `), errors)
    rmSync(folder, { recursive: true })
  })

  test('it is the command of the package', () => {
    const manifest = new URL('../../js/package.json', import.meta.url)
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'))
    assert.deepEqual(bin, { hutch: './dist/command.js' })
  })

  test('bad command lines: status 2', async () => {
    for (const words of [
      ['check'],
      ['check', 'a', 'b'],
      ['check', '-', '--tool', 'x'],
      ['check', '-', '--timeout', '0'],
      ['check', '/nowhere/program.ts'],
    ]) {
      const { status, output, errors } = await run('', ...words)
      assert.deepEqual([status, output], [2, ''], words.join(' '))
      assert.match(errors, /^hutch: .+\n/)
    }
    const help = await run('', 'check', '--help')
    assert.equal(help.status, 0)
    assert.match(help.output, /^Usage: hutch check /)
  })
})

test('tools whose names are no identifiers are checked under what programs call them', async () => {
  const tools = `
/** Lists. */
declare function external_list-issues(input: External_list-issuesInput): Promise<External_list-issuesOutput>;

interface External_list-issuesInput {
  state: string;
}

interface External_list-issuesOutput {
  count: number;
}

declare function external_list.issues(input: { "a-b": number }): Promise<string>;

declare function plain<T>(input: T): Promise<T>;
`
  const good = `
const { count } = await external_list_issues({ state: 'open' })
const text: string = await external_list_issues_2({ 'a-b': count })
return [await plain(text), count.toFixed(1)]`
  assert.deepEqual(await checkProgram(good, { tools }), [])
  const [bad] = await checkProgram('return await external_list_issues({ state: 5 })', { tools })
  assert.equal(bad?.code, 2322)
  assert.match(bad?.message ?? '', /number/)
})
