/**
 * The texts of the packages that script/package makes: package.json, README, NOTICES, and beside each the
 * list of what is inside. All of them depend on nothing but the tree and the packages that it was built
 * with.
 *
 * Usage: node package.mjs main FOLDER LIST
 *        node package.mjs target TARGET FOLDER LIST
 */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { BUILDS } from '../../js/dist/addon/platform.js'

const ENGINE = 'build/deps/quickjs-ng'
const source = JSON.parse(readFileSync('js/package.json', 'utf8'))

/** What each package says of whose it is. */
const ORIGIN = Object.fromEntries(
  ['version', 'license', 'homepage', 'bugs', 'repository'].map((field) => [field, source[field]]),
)

/** The packages of the targets, by TARGET. */
const TARGETS = new Map(
  Object.entries(BUILDS).flatMap(([system, builds]) => {
    const [os, cpu] = system.split(' ')
    return builds.map(({ name }) => {
      const target = name.replace('@hutch/isolate-', '')
      return [target, { name, os, cpu, libc: target.endsWith('-musl') ? 'musl' : 'glibc' }]
    })
  }),
)

/** Optional peers are said by peerDependenciesMeta alone, which pnpm and Yarn understand: npm would ask
 *  its registry for every version of each of them, on every machine, to install none. */
function manifestOfMain() {
  const { devDependencies, scripts, peerDependencies, ...kept } = source
  return {
    ...kept,
    optionalDependencies: Object.fromEntries(
      [...TARGETS.values()].map(({ name }) => [name, source.version]),
    ),
  }
}

function manifestOfTarget({ name, os, cpu, libc }) {
  return {
    name,
    description: `What is native of @hutch/isolate, for ${os} on ${cpu} (${libc})`,
    ...ORIGIN,
    engines: source.engines,
    os: [os],
    cpu: [cpu],
    libc: [libc],
    type: 'commonjs',
    main: './hutch.node',
    files: ['hutch', 'hutch-worker', 'hutch.node', 'NOTICES'],
    // Yarn would leave the programs in an archive, where no system can start them.
    preferUnplugged: true,
  }
}

function readmeOfTarget({ name, os, cpu, libc }) {
  return [
    `# ${name}`,
    '',
    `What is native of \`@hutch/isolate\`, for ${os} on ${cpu} with ${libc}: the addon \`hutch.node\`, the command`,
    '`hutch`, and the worker program `hutch-worker`, which is inside the two others as well. A pool that',
    'may not start a program from memory takes the file: `createPool({ workerPath })`.',
    '',
    'Install `@hutch/isolate`, which brings the package for your machine.',
    '',
  ].join('\n')
}

/** The first comment of a file, which is where the engine's files have their licenses. */
function headComment(file) {
  const [, text] = /^\/\*([\s\S]*?)\*\//.exec(readFileSync(file, 'utf8')) ?? []
  if (text === undefined || !text.includes('Permission is hereby granted')) {
    throw new Error(`${file} does not begin with its license`)
  }
  return text.replace(/^ ?\* ?/gm, '').trim()
}

function versionOfEngine() {
  const text = readFileSync(join(ENGINE, 'quickjs.h'), 'utf8')
  const parts = ['MAJOR', 'MINOR', 'PATCH'].map((part) => {
    return new RegExp(`#define QJS_VERSION_${part} (\\d+)`).exec(text)?.[1]
  })
  return parts.join('.')
}

function versionOfPackage(name) {
  const [, version] = execFileSync('dpkg-query', ['--show', name], { encoding: 'utf8' }).split('\t')
  return version.trim()
}

const copyrightOf = (name, below = '') =>
  readFileSync(`${below}/usr/share/doc/${name}/copyright`, 'utf8').trim()
const commonLicense = (name) => readFileSync(`/usr/share/common-licenses/${name}`, 'utf8').trim()

/** Where the libraries for a processor come from: script/lib/cross.sh. */
const LIBRARIES = {
  x64: { glibc: 'libc6-dev', below: '' },
  arm64: { glibc: 'libc6-dev-arm64-cross', below: 'build/deps/arm64' },
}

const RELINK =
  'It is linked in unchanged, from the Debian package named here, whose sources Debian offers. The ' +
  'sources of Hutch, and the script script/build that links them, are public: who changes the library can ' +
  'link the program again.'

/** What of others is inside a package of a target: whose, which, by what terms. */
function partsOf({ cpu, libc }) {
  const { glibc, below } = LIBRARIES[cpu]
  const engine = ['quickjs.c', 'libregexp.c', 'libunicode.c', 'dtoa.c']
  const parts = [
    {
      name: 'quickjs-ng',
      version: versionOfEngine(),
      license: 'MIT',
      where: 'the engine, in the worker program, with the changes of patches/',
      text: engine.map((file) => `${file}\n\n${headComment(join(ENGINE, file))}`).join('\n\n'),
    },
    {
      name: 'libseccomp',
      version: versionOfPackage('libseccomp-dev'),
      license: 'LGPL-2.1-only',
      where: `in the worker program. ${RELINK}`,
      text: copyrightOf('libseccomp-dev', below),
    },
    {
      name: 'glibc',
      version: versionOfPackage(glibc),
      license: 'LGPL-2.1-or-later',
      where: `the C library, in the worker program${libc === 'glibc' ? ' and in the command' : ''}. ${RELINK}`,
      text: copyrightOf('libc6-dev'),
    },
  ]
  if (libc === 'musl') {
    parts.push({
      name: 'musl',
      version: versionOfPackage('musl-dev'),
      license: 'MIT',
      where: 'the start of the addon and of the command',
      text: copyrightOf('musl-dev', below),
    })
  }
  return parts
}

const RULE = '='.repeat(78)

function noticesOf(parts) {
  const heads = parts.map(
    ({ name, version, license, where, text }) =>
      `${RULE}\n${name} ${version} (${license}): ${where}\n${RULE}\n\n${text}`,
  )
  const licenses = `${RULE}\nGNU Lesser General Public License, version 2.1\n${RULE}\n\n${commonLicense('LGPL-2.1')}`
  return `${['What of others is in this package. Hutch itself: see LICENSE.', ...heads, licenses].join('\n\n')}\n`
}

function noticesOfMain() {
  return (
    'Nothing of others is in this package. What is in the packages with the native build, which it depends\n' +
    `on, is said in theirs: ${[...TARGETS.values()].map(({ name }) => name).join(', ')}.\n`
  )
}

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

const licensed = (id) => [{ license: { id } }]

/** CycloneDX. It has no date and no chance in it: the number is made of the content. */
function listOf(manifest, folder, parts) {
  const url = `pkg:npm/${manifest.name.replace('@', '%40')}@${manifest.version}`
  const files = filesBelow(folder).map((file) => ({
    type: 'file',
    name: file.slice(folder.length + 1),
    hashes: [{ alg: 'SHA-256', content: sha256(file) }],
  }))
  const components = parts.map(({ name, version, license }) => ({
    type: 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    licenses: licensed(license),
  }))
  const list = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        type: 'library',
        'bom-ref': url,
        name: manifest.name,
        version: manifest.version,
        licenses: licensed(manifest.license),
        purl: url,
      },
    },
    components: [...components, ...files],
    dependencies: [{ ref: url, dependsOn: components.map((part) => part['bom-ref']) }],
  }
  const digest = createHash('sha256').update(JSON.stringify(list)).digest('hex')
  const serial = digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-5$3-8$4-$5')
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    serialNumber: `urn:uuid:${serial}`,
    ...list,
  }
}

const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)

function write(folder, list, manifest, parts) {
  writeJson(join(folder, 'package.json'), manifest)
  writeJson(list, listOf(manifest, folder, parts))
}

function packageMain(folder, list) {
  const manifest = manifestOfMain()
  const missing = [...Object.values(manifest.bin), manifest.types].find(
    (file) => !existsSync(join(folder, file)),
  )
  if (missing !== undefined) {
    throw new Error(`${missing} is not built`)
  }
  writeFileSync(join(folder, 'NOTICES'), noticesOfMain())
  write(folder, list, manifest, [])
}

function packageTarget(name, folder, list) {
  const target = TARGETS.get(name)
  if (target === undefined) {
    throw new Error(`no such target: ${name}; expected one of: ${[...TARGETS.keys()].join(', ')}`)
  }
  const parts = partsOf(target)
  writeFileSync(join(folder, 'README.md'), readmeOfTarget(target))
  writeFileSync(join(folder, 'NOTICES'), noticesOf(parts))
  write(folder, list, manifestOfTarget(target), parts)
}

const [kind, ...words] = process.argv.slice(2)
if (kind === 'main') {
  packageMain(...words)
} else {
  packageTarget(...words)
}
