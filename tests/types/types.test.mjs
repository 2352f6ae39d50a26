/**
 * What users write against the package's types, under every compiler and every way of resolving modules
 * that the package promises: TypeScript 5.2 to 7, strict, with the library's declarations checked too.
 *
 * A consumer is a folder outside of the repository, so that nothing is found by chance: what npm would
 * install of the package, and only the other packages that its kind is meant to have.
 */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
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
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)
const scratch = mkdtempSync(join(tmpdir(), 'hutch-types-'))
after(() => rmSync(scratch, { recursive: true }))

/** Where compilers are installed, as packages called typescript or typescript-5.2; tests/types/run says
 *  which of them are meant. */
const COMPILER_FOLDERS = [
  'tests/types/node_modules',
  ...(process.env.HUTCH_COMPILERS === 'all' ? ['tests/types/more/node_modules'] : []),
  'node_modules',
]

/** Every compiler that is installed: its version and its program. */
const COMPILERS = COMPILER_FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => /^typescript(-[\d.]+)?$/.test(name))
    .map((name) => {
      const place = join(root, folder, name)
      const { version, bin } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'))
      return { version, major: Number.parseInt(version, 10), program: join(place, bin.tsc) }
    }),
)

/** Where the programs are: those of the tests, and those that the documentation shows. */
const PROGRAMS = ['tests/types/programs', 'examples/typescript']

/** All programs, and whether they need the packages of TanStack AI. */
const SOURCES = PROGRAMS.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const text = readFileSync(join(root, folder, name), 'utf8')
      return { name, needsTanstack: /\/tanstack'|'@tanstack\//.test(text) }
    }),
)

const namesOf = (sources) => sources.map(({ name }) => name)
const CORE = namesOf(SOURCES.filter(({ needsTanstack }) => !needsTanstack))
const WITH_TANSTACK = namesOf(SOURCES.filter(({ needsTanstack }) => needsTanstack))

/** Ways to find the package, and which compilers have them. */
const RESOLUTIONS = [
  { module: 'nodenext', moduleResolution: 'nodenext', most: 7 },
  { module: 'esnext', moduleResolution: 'bundler', most: 7 },
  { module: 'esnext', moduleResolution: 'node10', most: 5 },
]

/** What surrounds the programs: libraries of types, and packages. */
const SURROUNDINGS = [
  { name: 'the language alone', lib: ['es2022'], types: [], sources: ['imports.ts'] },
  { name: 'a DOM', lib: ['es2022', 'dom'], types: [], sources: CORE },
  { name: '@types/node', lib: ['es2022'], types: ['node'], sources: CORE },
  // The declarations of TanStack AI need both, and are not free of errors.
  {
    name: 'TanStack AI',
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: ['node'],
    sources: WITH_TANSTACK,
    packages: ['@tanstack', 'zod'],
  },
]

/** @types/node of the compiler's time: neither old nor new ones are right for all of them. */
function nodeTypesFor({ version }) {
  const isOld = /^5\.[2-5]\./.test(version)
  return join(root, isOld ? 'tests/types/node_modules' : 'node_modules', '@types/node')
}

let consumers = 0

/** A folder with the programs and the package, and with links to others: [name, where it really is]. */
function makeConsumer(packages) {
  const folder = join(scratch, String(consumers++))
  const installed = join(folder, 'node_modules/@hutch/isolate')
  mkdirSync(installed, { recursive: true })
  cpSync(join(root, 'js/package.json'), join(installed, 'package.json'))
  cpSync(join(root, 'js/dist'), join(installed, 'dist'), {
    recursive: true,
    filter: (path) => !/\.node$|\/hutch$/.test(path),
  })
  for (const [name, place] of packages) {
    mkdirSync(join(folder, 'node_modules', name, '..'), { recursive: true })
    symlinkSync(place, join(folder, 'node_modules', name))
  }
  for (const programs of PROGRAMS) {
    cpSync(join(root, programs), folder, { recursive: true })
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return folder
}

/** Compiles; resolves to what the compiler says of it, which is nothing where all is well. */
async function compile(compiler, folder, options, files) {
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    noEmit: true,
    allowImportingTsExtensions: true,
    ...options,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  try {
    await run(process.execPath, [compiler.program, '--project', folder, '--pretty', 'false'])
    return ''
  } catch (error) {
    return error.stdout || String(error)
  }
}

test('the oldest and the newest compiler are there', () => {
  const versions = COMPILERS.map(({ version }) => version)
  assert.ok(
    versions.some((version) => version.startsWith('5.2.')),
    String(versions),
  )
  assert.ok(
    versions.some((version) => version.startsWith('7.')),
    String(versions),
  )
})

for (const compiler of COMPILERS) {
  describe(`TypeScript ${compiler.version}`, () => {
    for (const { most, ...resolution } of RESOLUTIONS) {
      if (compiler.major > most) continue
      for (const { name, lib, types, sources, packages = [] } of SURROUNDINGS) {
        test(`${resolution.moduleResolution}, with ${name}`, async () => {
          const folder = makeConsumer([
            ...types.map((type) => [`@types/${type}`, nodeTypesFor(compiler)]),
            ...packages.map((one) => [one, join(root, 'node_modules', one)]),
          ])
          const skipLibCheck = packages.length > 0
          const options = { ...resolution, lib, types, skipLibCheck }
          assert.equal(await compile(compiler, folder, options, sources), '')
        })
      }
    }
  })
}
