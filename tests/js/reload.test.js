// The package loaded again and again in one process, as `bun --hot` and test runners do: what the
// process holds stays the same, and the copies do not disturb each other.
// @ts-check
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { createPool } from '@hutch/isolate'
import * as first from '@hutch/isolate/tanstack'

import { bind, failure, pending, spawnFixture, success, until } from './support.js'

const dist = dirname(fileURLToPath(import.meta.resolve('@hutch/isolate')))
const scratch = mkdtempSync(join(tmpdir(), 'hutch-reload-'))
after(() => rmSync(scratch, { recursive: true }))

/**
 * Another copy of the package's files, loaded.
 *
 * @param {string} name
 * @param {(addon: string, to: string) => void} bring
 * @returns {Promise<typeof first>}
 */
function copy(name, bring = symlinkSync) {
  const folder = join(scratch, name)
  cpSync(dist, folder, { recursive: true, filter: (file) => !/\/hutch(\.node)?$/.test(file) })
  bring(join(dist, 'hutch.node'), join(folder, 'hutch.node'))
  return import(pathToFileURL(join(folder, 'tanstack.js')).href)
}

/** @param {import('@tanstack/ai-code-mode').IsolateDriver} driver @param {any} [functions] */
const open = (driver, functions = {}) => driver.createContext({ bindings: bind(functions) })

describe('twenty copies, each used once', () => {
  for (const way of ['query', 'copy', 'addon', 'cache', 'realm']) {
    for (const how of ['disposes', 'abandons']) {
      test(`${way}, and each ${how} its contexts: no more is held than after some`, async () => {
        const { status, output } = await spawnFixture('reload.js', way, how).ended
        assert.equal(status, 0)
        const { settled, last } = JSON.parse(output)
        assert.equal(settled.length, 3)
        assert.ok(
          last.every((/** @type {number} */ count, /** @type {number} */ i) => count <= settled[i]),
        )
      })
    }
  }

  test('bun --hot with a file that changes', { skip: !('Bun' in globalThis) }, async () => {
    const file = join(scratch, 'hot.js')
    const entry = import.meta.resolve('@hutch/isolate/tanstack')
    const support = new URL('./support.js', import.meta.url).href
    writeFileSync(
      file,
      `import { appendFileSync, writeSync } from 'node:fs'
       import { createIsolateDriver } from ${JSON.stringify(entry)}
       import { held, until } from ${JSON.stringify(support)}
       const round = (globalThis.round ?? 0) + 1
       globalThis.round = round
       const context = await createIsolateDriver().createContext({ bindings: {} })
       const { value } = await context.execute('return ' + round)
       await context.dispose()
       if (round === 8) globalThis.settled = held()
       if (round === 20) {
         const isAsBefore = () => held().every((count, i) => count <= globalThis.settled[i])
         await until('it holds no more than before', isAsBefore, () => Bun.gc(true))
         writeSync(1, JSON.stringify({ value }))
         process.exit(0)
       }
       appendFileSync(import.meta.filename, '\\n// ' + round)`,
    )
    const child = spawn(process.execPath, ['--hot', file], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    await new Promise((resolve) => child.on('close', resolve))
    assert.deepEqual(JSON.parse(output), { value: 20 })
  })
})

describe('copies side by side', () => {
  test('an older one’s contexts go on, and an open run too', async () => {
    const { promise, resolve } = pending()
    const context = await open(first.createIsolateDriver(), { ask: () => promise })
    success(await context.execute('globalThis.kept = 1'))
    const running = context.execute('return await ask()')
    const later = await copy('later')
    const other = await open(later.createIsolateDriver(), { add: async ({ a }) => a + 1 })
    assert.equal(success(await other.execute('return await add({ a: 1 })')), 2)
    resolve('answered')
    assert.equal(success(await running), 'answered')
    assert.equal(success(await context.execute('return kept')), 1)
    await Promise.all([context.dispose(), other.dispose()])
  })

  test('news of one comes to it whoever asks first', async () => {
    const copies = [first, await copy('a'), await copy('b'), await copy('c')]
    const sum = async (
      /** @type {typeof first} */ { createIsolateDriver },
      /** @type {number} */ n,
    ) => {
      const tools = {
        later: (/** @type {any} */ { a }) => new Promise((done) => setTimeout(done, 1, a)),
      }
      const context = await open(createIsolateDriver(), tools)
      const code = `let sum = 0
        for (let i = 0; i < 20; i++) sum += await later({ a: ${n} })
        return sum`
      const value = success(await context.execute(code))
      await context.dispose()
      return value
    }
    const numbers = Array.from({ length: 24 }, (_, i) => i)
    const sums = numbers.map((n) => sum(/** @type {any} */ (copies[n % copies.length]), n))
    assert.deepEqual(
      await Promise.all(sums),
      numbers.map((n) => n * 20),
    )
  })

  test('close() disposes the contexts of its own copy only, and both go on', async () => {
    const later = await copy('closing')
    const kept = await open(first.createIsolateDriver())
    const driver = later.createIsolateDriver()
    const closed = await open(driver)
    later.close()
    assert.equal(failure(await closed.execute('return 1')).name, 'DisposedError')
    assert.equal(success(await kept.execute('return 2')), 2)
    await kept.dispose()
    later.warm()
    later.close()
    first.close()
    for (const one of [driver, first.createIsolateDriver()]) {
      const context = await open(one)
      assert.equal(success(await context.execute('return 3')), 3)
      await context.dispose()
    }
  })

  test('no worker that served a driver of one serves a driver of another', async () => {
    const later = await copy('domains')
    const pool = createPool({ maxIdle: 4, spare: 0 })
    for (const { createIsolateDriver } of [first, later]) {
      const context = await open(createIsolateDriver({ pool }))
      success(await context.execute('return 1'))
      await context.dispose()
    }
    // It is counted when the zygote has told of it.
    await until('the other worker is counted', () => pool.stats().workersForked === 2)
    pool.close()
  })

  test('a pool of one is a pool to the other', async () => {
    const later = await copy('given')
    const pool = createPool({ maxMemoryLimit: 64 })
    const context = await open(later.createIsolateDriver({ pool }), { ask: async () => 5 })
    assert.equal(pool.stats().contexts, 1)
    assert.equal(success(await context.execute('return await ask()')), 5)
    pool.close()
    assert.equal(failure(await context.execute('return 1')).name, 'DisposedError')
  })

  test('of another version is a package of its own', async () => {
    const later = await copy('version', (addon, to) => {
      const text = readFileSync(addon, 'latin1').replaceAll('0.1.0', '0.1.9')
      writeFileSync(to, text, 'latin1')
    })
    const pool = createPool()
    assert.throws(() => later.createIsolateDriver({ pool }), {
      name: 'TypeError',
      message: /^pool must be a pool of createPool, got /,
    })
    pool.close()
    const context = await open(later.createIsolateDriver())
    first.close()
    assert.equal(success(await context.execute('return 1')), 1)
    await context.dispose()
    later.close()
  })
})
