/**
 * The package behind bundlers and test runners: each of examples/bundlers/*.sh is run in a project that has
 * the packages of build/package, what it makes is moved elsewhere, and started there. Run by
 * script/test --only bundlers.
 */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const tools = fileURLToPath(new URL('./node_modules', import.meta.url))
const examples = join(root, 'examples/bundlers')
const scratch = mkdtempSync(join(tmpdir(), 'hutch-bundlers-'))
after(() => rmSync(scratch, { recursive: true }))

const PATH = [join(tools, '.bin'), join(root, 'node_modules/.bin'), process.env.PATH].join(':')

function run(command, words, cwd, environment = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH, ...environment },
  })
  assert.equal(error, undefined)
  assert.equal(status, 0, `${stdout}${stderr}`)
  return stdout
}

/** A project as npm leaves it: the tools beside the packages of build/package. */
function project(name) {
  const folder = join(scratch, name)
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@hutch'), { recursive: true })
  for (const entry of readdirSync(tools)) {
    if (!entry.startsWith('.')) {
      symlinkSync(join(tools, entry), join(modules, entry))
    }
  }
  for (const tarball of readdirSync(join(root, 'build/package'))) {
    const [, target] = /^hutch-(isolate(?:-linux-x64)?)-\d[\d.]*\.tgz$/.exec(tarball) ?? []
    if (target !== undefined) {
      const place = join(modules, '@hutch', target)
      mkdirSync(place)
      run('tar', [
        '-xzf',
        join(root, 'build/package', tarball),
        '--strip-components=1',
        '-C',
        place,
      ])
    }
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  cpSync(examples, folder, { recursive: true })
  return folder
}

/** What each example leaves, how that is started, and whether the package has to be beside it. */
const BUNDLES = {
  'bun-build.sh': { start: ['bun', 'app.js'] },
  'bun-compile.sh': { start: ['./app'] },
  'esbuild-cjs.sh': { start: ['node', 'app.cjs'] },
  'esbuild-esm.sh': { start: ['node', 'app.mjs'], isBeside: true },
  'rollup.sh': { start: ['node', 'app.mjs'], isBeside: true },
  'vite.sh': { start: ['node', 'app.mjs'], isBeside: true },
  'webpack.sh': { start: ['node', 'app.mjs'], isBeside: true },
}

describe('bundlers', () => {
  test('every example is tried', () => {
    const scripts = readdirSync(examples).filter((name) => name.endsWith('.sh'))
    assert.deepEqual(scripts.sort(), Object.keys(BUNDLES).sort())
  })

  for (const [script, { start, isBeside }] of Object.entries(BUNDLES)) {
    test(script, () => {
      const folder = project(script)
      run('sh', ['-e', script], folder)
      const away = join(scratch, `${script}-away`)
      cpSync(join(folder, 'out'), away, { recursive: true })
      if (isBeside) {
        cpSync(join(folder, 'node_modules/@hutch'), join(away, 'node_modules/@hutch'), {
          recursive: true,
        })
      }
      const [program, ...words] = start
      const path = program.startsWith('.') ? join(away, program) : program
      assert.equal(run(path, words, away), '42\n')
    })
  }

  test('@vercel/nft traces all that is needed', async () => {
    const folder = project('nft')
    const { nodeFileTrace } = createRequire(import.meta.url)('@vercel/nft')
    const { fileList } = await nodeFileTrace([join(folder, 'app.mjs')], { base: folder })
    const away = join(scratch, 'nft-away')
    for (const file of fileList) {
      mkdirSync(join(away, dirname(file)), { recursive: true })
      cpSync(join(folder, file), join(away, file))
    }
    assert.equal(run('node', ['app.mjs'], away), '42\n')
  })

  test('what a bundler cannot follow says which line it wants', () => {
    const folder = project('lost')
    run('sh', ['-e', 'esbuild-cjs.sh'], folder)
    const away = join(scratch, 'lost-away')
    mkdirSync(away)
    cpSync(join(folder, 'out/app.cjs'), join(away, 'app.cjs'))
    const { status, stderr } = spawnSync('node', ['app.cjs'], { cwd: away, encoding: 'utf8' })
    assert.notEqual(status, 0)
    assert.match(
      stderr,
      /does not find @hutch\/isolate-linux-x64 .*external; Next\.js: serverExternalPackages/,
    )
  })
})

const TEST = `import { createPool } from '@hutch/isolate'
test('a run', async () => {
  const pool = createPool()
  const context = pool.open({ tools: { add: ({ a, b }) => a + b } })
  expect(await context.run('return await add({ a: 40, b: 2 })')).toBe(42)
  pool.close()
})
`

describe('what runs sources', () => {
  test('tsx', () => {
    const folder = project('tsx')
    assert.equal(run('tsx', ['app.mjs'], folder), '42\n')
  })

  test('vitest', () => {
    const folder = project('vitest')
    writeFileSync(join(folder, 'run.test.mjs'), `import { expect, test } from 'vitest'\n${TEST}`)
    assert.match(run('vitest', ['run'], folder, { NO_COLOR: '1' }), /Tests +1 passed/)
  })

  test('jest', () => {
    const folder = project('jest')
    writeFileSync(join(folder, 'run.test.mjs'), TEST)
    run('jest', ['--testMatch', '**/*.test.mjs'], folder, {
      NODE_OPTIONS: '--experimental-vm-modules',
    })
  })
})

describe('publint', () => {
  for (const tarball of readdirSync(join(root, 'build/package')).filter((name) =>
    name.endsWith('.tgz'),
  )) {
    test(tarball, () => {
      assert.match(run('publint', ['--strict', join(root, 'build/package', tarball)]), /All good!/)
    })
  }
})
