/**
 * What script/package has made in build/package: what is in the tarballs, and what becomes of them in an
 * empty folder, by npm without network. Run by script/test.d/70-install.
 */

import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const packages = join(root, 'build/package')
const scratch = mkdtempSync(join(tmpdir(), 'hutch-packages-'))
after(() => rmSync(scratch, { recursive: true }))

const { version } = JSON.parse(readFileSync(join(root, 'js/package.json'), 'utf8'))
const MAIN = `hutch-isolate-${version}`
const targets = readdirSync(packages)
  .map((name) => /^hutch-isolate-(linux-.*)-\d+\.\d+\.\d+\.tgz$/.exec(name)?.[1])
  .filter((name) => name !== undefined)

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Runs to the end; its output. */
function run(command, words, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    encoding: 'utf8',
    ...options,
  })
  assert.equal(error, undefined)
  return { status, stdout, stderr }
}

function unpacked(name) {
  const folder = join(scratch, 'unpacked', name)
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true })
    execFileSync('tar', ['-xzf', join(packages, `${name}.tgz`), '-C', folder])
  }
  return join(folder, 'package')
}

const manifestOf = (name) => JSON.parse(readFileSync(join(unpacked(name), 'package.json'), 'utf8'))
const everyName = [MAIN, ...targets.map((target) => `hutch-isolate-${target}-${version}`)]

describe('the tarballs', () => {
  test('there is one for this machine', () => {
    assert.ok(targets.includes('linux-x64'), targets.join())
  })

  test('@hutch/isolate is for every platform, and names each build as optional, in its own version', () => {
    const manifest = manifestOf(MAIN)
    assert.equal(manifest.name, '@hutch/isolate')
    assert.deepEqual(
      [manifest.os, manifest.cpu, manifest.scripts],
      [undefined, undefined, undefined],
    )
    const builds = ['linux-x64', 'linux-x64-musl', 'linux-arm64', 'linux-arm64-musl']
    const expected = builds.map((target) => [`@hutch/isolate-${target}`, version])
    assert.deepEqual(manifest.optionalDependencies, Object.fromEntries(expected))
    assert.deepEqual(manifest.bin, { hutch: './dist/command.js' })
    assert.ok(!existsSync(join(unpacked(MAIN), 'dist/hutch.node')))
  })

  test('its peers are optional, and none that npm would look for', () => {
    const manifest = manifestOf(MAIN)
    assert.equal(manifest.peerDependencies, undefined)
    const source = JSON.parse(readFileSync(join(root, 'js/package.json'), 'utf8'))
    assert.deepEqual(
      Object.keys(manifest.peerDependenciesMeta),
      Object.keys(source.peerDependencies),
    )
    for (const { optional } of Object.values(manifest.peerDependenciesMeta)) {
      assert.equal(optional, true)
    }
  })

  for (const target of targets) {
    test(`${target} is for its system, and has addon, command and worker, without symbols`, () => {
      const name = `hutch-isolate-${target}-${version}`
      const { os, cpu, libc, main } = manifestOf(name)
      const [system, processor, library = 'glibc'] = target.split('-')
      assert.deepEqual(
        { os, cpu, libc, main },
        {
          os: [system],
          cpu: [processor],
          libc: [library],
          main: './hutch.node',
        },
      )
      for (const file of ['hutch.node', 'hutch', 'hutch-worker']) {
        const path = join(unpacked(name), file)
        assert.equal(statSync(path).mode & 0o777, 0o755, file)
        const { stdout } = run('readelf', ['--sections', '--wide', path])
        assert.match(stdout, / \.text /)
        assert.doesNotMatch(stdout, / \.(symtab|debug_info) /, file)
      }
    })

    test(`${target}: the worker as a file is the one inside the addon`, () => {
      const folder = unpacked(`hutch-isolate-${target}-${version}`)
      const worker = readFileSync(join(folder, 'hutch-worker'))
      assert.ok(readFileSync(join(folder, 'hutch.node')).includes(worker))
      assert.ok(readFileSync(join(folder, 'hutch')).includes(worker))
    })

    test(`${target}: addon and command need no glibc that older systems lack`, () => {
      const folder = unpacked(`hutch-isolate-${target}-${version}`)
      const files = ['hutch.node', 'hutch', 'hutch-worker'].map((file) => join(folder, file))
      const { status, stdout } = run(join(root, 'script/check-glibc'), files)
      assert.equal(status, 0, stdout)
    })

    test(`${target}: the symbols of each program are apart, by its build ID`, () => {
      const name = `hutch-isolate-${target}-${version}`
      const { stdout } = run('tar', ['-tJf', join(packages, `${name}.debug.tar.xz`)])
      for (const file of ['hutch.node', 'hutch', 'hutch-worker']) {
        const notes = run('readelf', ['--notes', join(unpacked(name), file)]).stdout
        const [, first, rest] = /Build ID: (..)(\w+)/.exec(notes) ?? []
        assert.ok(stdout.includes(`.build-id/${first}/${rest}.debug\n`), file)
      }
    })

    test(`${target}: whatever of others is inside is named with its terms`, () => {
      const notices = readFileSync(
        join(unpacked(`hutch-isolate-${target}-${version}`), 'NOTICES'),
        'utf8',
      )
      for (const word of [
        'quickjs-ng 0.',
        'libseccomp 2.',
        'glibc 2.',
        'Fabrice Bellard',
        'Paul Moore',
      ]) {
        assert.ok(notices.includes(word), word)
      }
      assert.match(notices, /GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1/)
    })
  }

  for (const name of everyName) {
    test(`${name} says whose it is, by what terms, and of one version`, () => {
      const manifest = manifestOf(name)
      assert.deepEqual([manifest.version, manifest.license], [version, 'MIT'])
      for (const field of ['repository', 'homepage', 'bugs', 'description', 'engines']) {
        assert.ok(manifest[field], field)
      }
      for (const file of ['LICENSE', 'NOTICES', 'README.md']) {
        assert.ok(statSync(join(unpacked(name), file)).size > 0, file)
      }
    })

    test(`${name} tells of no machine and no moment`, () => {
      const { stdout } = run('tar', ['--utc', '-tzvf', join(packages, `${name}.tgz`)])
      const lines = stdout.trimEnd().split('\n')
      for (const line of lines) {
        assert.match(line, /^[d-]rw.r-.r-. 0\/0 +\d+ 1985-10-26 08:15 package\//)
      }
      const paths = lines.map((line) => line.split(' ').at(-1))
      assert.equal(new Set(paths).size, paths.length)
      // gzip: no name, no time.
      const head = readFileSync(join(packages, `${name}.tgz`)).subarray(3, 8)
      assert.deepEqual([...head], [0, 0, 0, 0, 0])
    })

    test(`${name}: the list of what is inside has every file as it is`, () => {
      const list = JSON.parse(readFileSync(join(packages, `${name}.cdx.json`), 'utf8'))
      assert.deepEqual([list.bomFormat, list.specVersion], ['CycloneDX', '1.5'])
      assert.match(
        list.serialNumber,
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
      )
      assert.equal(
        list.metadata.component.purl,
        `pkg:npm/%40${manifestOf(name).name.slice(1)}@${version}`,
      )
      const listed = list.components.filter(({ type }) => type === 'file')
      const { stdout } = run('find', ['.', '-type', 'f'], { cwd: unpacked(name) })
      const files = stdout
        .trimEnd()
        .split('\n')
        .map((file) => file.slice(2))
        .sort()
      assert.deepEqual(listed.map((file) => file.name).sort(), files)
      for (const { name: file, hashes } of listed) {
        assert.equal(hashes[0].content, sha256(join(unpacked(name), file)), file)
      }
    })
  }

  test('the checksums are those of all files beside', () => {
    const { status } = run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: packages })
    assert.equal(status, 0)
    const summed = readFileSync(join(packages, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')
    assert.equal(summed.length, readdirSync(packages).length - 1)
  })
})

/** npm has no network, and nothing from earlier. */
const npmEnvironment = {
  ...process.env,
  npm_config_offline: 'true',
  npm_config_cache: join(scratch, 'cache'),
  npm_config_loglevel: 'error',
}

/** A project with these tarballs in it, and what a command makes of them. */
function project(name, tarballs, command, words) {
  const folder = join(scratch, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  for (const tarball of tarballs) {
    cpSync(join(packages, `${tarball}.tgz`), join(folder, `${tarball}.tgz`))
  }
  const { status, stderr } = run(command, words, { cwd: folder, env: npmEnvironment })
  assert.equal(status, 0, stderr)
  return folder
}

const PROGRAM = `
import { createPool } from '@hutch/isolate'
try {
  const pool = createPool(JSON.parse(process.argv[2] ?? '{}'))
  const context = pool.open({ tools: { add: ({ a, b }) => a + b } })
  console.log(await context.run('return await add({ a: 40, b: 2 })'))
  context.close()
  pool.close()
} catch (error) {
  console.log(error.message)
}
`
const BUILD = `hutch-isolate-linux-x64-${version}`

/** What the program prints. @param {string[]} words  of the runtime, before the program */
function answer(folder, words = [], ...rest) {
  writeFileSync(join(folder, 'program.mjs'), PROGRAM)
  const { status, stdout, stderr } = run('node', [...words, 'program.mjs', ...rest], {
    cwd: folder,
  })
  assert.equal(status, 0, stderr)
  return stdout.trimEnd()
}

/** What a look gives, once it is something. */
async function until(look) {
  for (;;) {
    const seen = look()
    if (seen) {
      return seen
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** The path of a module that makes the process believe that it runs elsewhere. */
function pretend(folder, platform, arch) {
  const text = `for (const [name, value] of Object.entries(${JSON.stringify({ platform, arch })})) {
    Object.defineProperty(process, name, { value })
  }`
  writeFileSync(join(folder, 'pretend.mjs'), text)
  return ['--import', './pretend.mjs']
}

describe('installed by npm, without network', () => {
  const folder = project('both', [MAIN, BUILD], 'sh', [join(root, 'examples/packages/tarballs.sh')])
  const modules = join(folder, 'node_modules')

  test('a program of the README runs', () => {
    assert.equal(answer(folder), '42')
  })

  test('the worker program as a file does for workerPath', () => {
    const workerPath = join(modules, '@hutch/isolate-linux-x64/hutch-worker')
    assert.equal(answer(folder, [], JSON.stringify({ workerPath })), '42')
  })

  test('a build of another version is named with both', () => {
    const other = join(scratch, 'other')
    cpSync(folder, other, { recursive: true })
    const addon = join(other, 'node_modules/@hutch/isolate-linux-x64/hutch.node')
    const text = readFileSync(addon, 'latin1').replaceAll(version, '9.9.9')
    rmSync(addon)
    writeFileSync(addon, text, 'latin1')
    assert.match(answer(other), /is of version 9\.9\.9 and @hutch\/isolate of version/)
  })

  test('a build that does not load says why, and what it is', () => {
    const other = join(scratch, 'broken')
    cpSync(folder, other, { recursive: true })
    const addon = join(other, 'node_modules/@hutch/isolate-linux-x64/hutch.node')
    rmSync(addon)
    writeFileSync(addon, 'nothing')
    assert.match(
      answer(other),
      /^@hutch\/isolate could not load @hutch\/isolate-linux-x64 on linux x64: .+/,
    )
  })

  test('on a system without a build: the import works, and the first use says what there is', () => {
    const text = answer(folder, pretend(folder, 'darwin', 'arm64'))
    assert.match(
      text,
      /has no build for darwin arm64; builds exist for linux x64, linux arm64\. Run it on/,
    )
  })
})

describe('without the package for this machine', () => {
  test('left out as optional: it is named, with the line that installs it', () => {
    const folder = project('omitted', [MAIN], 'npm', [
      'install',
      '--omit=optional',
      `./${MAIN}.tgz`,
    ])
    const text = answer(folder)
    assert.ok(text.includes(`not installed: npm install @hutch/isolate-linux-x64@${version}`), text)
  })

  test('as a Mac has it: npm installs it, and on Linux it is named', () => {
    const folder = project('mac', [MAIN], 'npm', [
      'install',
      '--os=darwin',
      '--cpu=arm64',
      `./${MAIN}.tgz`,
    ])
    assert.match(answer(folder), /a lock file that was made on another system/)
  })

  test('the command says the same, and ends with status 4', () => {
    const { status, stdout, stderr } = run(
      join(scratch, 'omitted/node_modules/.bin/hutch'),
      ['run', '-'],
      { input: 'return 1' },
    )
    assert.deepEqual([status, stdout], [4, ''])
    assert.match(stderr, /^hutch: @hutch\/isolate needs @hutch\/isolate-linux-x64 /)
  })
})

describe('the command that npm installs', () => {
  const folder = join(scratch, 'both')
  const command = join(folder, 'node_modules/.bin/hutch')
  /** Node.js before it could become another program. */
  const early = join(scratch, 'early.mjs')
  writeFileSync(early, 'delete process.execve')
  const WAYS = {
    'becomes the native one': {},
    'starts the native one where the runtime cannot become it': {
      NODE_OPTIONS: `--import=${early}`,
    },
  }

  for (const [way, environment] of Object.entries(WAYS)) {
    const env = { ...process.env, ...environment }

    test(`${way}: input, output, status`, () => {
      const done = run(command, ['run', '-'], { input: 'return 6 * 7', env })
      assert.deepEqual(done, { status: 0, stdout: '42\n', stderr: '' })
      const failed = run(command, ['run', '-'], { input: 'throw new Error("no")', env })
      assert.deepEqual([failed.status, failed.stdout], [1, ''])
      assert.match(failed.stderr, /Error: no/)
    })

    test(`${way}: a signal ends it, and the commands of its tools`, async () => {
      const file = join(scratch, `pid-${Object.keys(environment).length}`)
      const tool = `wait=echo $$ >${file}; exec sleep 1000`
      const child = spawn(command, ['run', '--tool', tool, '-'], {
        env,
        stdio: ['pipe', 'inherit', 'inherit'],
      })
      const ended = new Promise((resolve) => child.on('close', resolve))
      child.stdin.end('return await wait()')
      const pid = await until(() => existsSync(file) && readFileSync(file, 'utf8').trim())
      child.kill('SIGTERM')
      assert.equal(await ended, 143)
      await until(() => !existsSync(`/proc/${pid}`))
    })

    test(`${way}: hutch check is done by the package, from wherever it is called`, () => {
      const link = join(folder, 'node_modules/typescript')
      if (!existsSync(link)) {
        symlinkSync(join(root, 'node_modules/typescript'), link)
      }
      const { status, stdout, stderr } = run(command, ['check', '--json', '-'], {
        input: 'return nope',
        env: { ...env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
        cwd: '/',
      })
      assert.equal(status, 1, stderr)
      assert.equal(JSON.parse(stdout).diagnostics[0].code, 2304)
    })
  }
})

describe('npm pack', () => {
  test('in a tree that was not built fails with a sentence that says what to run', () => {
    const tree = join(scratch, 'tree')
    for (const path of ['js/package.json', 'js/src', 'script/lib/prepack.mjs']) {
      cpSync(join(root, path), join(tree, path), { recursive: true })
    }
    const { status, stdout, stderr } = run('npm', ['pack'], { cwd: join(tree, 'js') })
    assert.notEqual(status, 0)
    assert.match(
      `${stdout}${stderr}`,
      /is not built .*: run script\/build first\. .*script\/package/,
    )
    assert.deepEqual(readdirSync(join(tree, 'js')).sort(), ['package.json', 'src'])
  })
})
