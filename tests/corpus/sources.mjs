/**
 * The files that are compared. A list names packages with their exact versions and hashes; npm brings
 * them as it brings any package, into build/corpus, and nothing of them enters the repository.
 */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where packages are put. */
export const CACHE = fileURLToPath(new URL('../../build/corpus/', import.meta.url))

const SETS = fileURLToPath(new URL('.', import.meta.url))
/** Packages that one call of npm brings. */
const PACKAGES_A_CALL = 20
const SOURCE = /\.[cm]?ts$/
const DECLARATIONS = /\.d\.([^./]+\.)?[cm]?ts$/

/**
 * @typedef {object} Package
 * @property {string} spec       name@version
 * @property {string} integrity  as in a package-lock.json
 *
 * @typedef {object} Source
 * @property {string} name   package and path in it
 * @property {string} path   on this machine
 * @property {string} text
 */

/** @param {string} set @returns {Package[]} */
export function packagesOf(set) {
  const lines = readFileSync(join(SETS, `${set}.list`), 'utf8').split('\n')
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [spec, integrity] = line.split(' ')
      if (!spec || !integrity?.startsWith('sha512-')) {
        throw new Error(`${set}.list: expected "name@version sha512-…", found "${line}"`)
      }
      return { spec, integrity }
    })
}

/** @param {string} spec */
const folderOf = (spec) => join(CACHE, 'packages', spec.replaceAll('/', '+'))

/** @param {string} file @returns {string} as a package-lock.json has it */
function integrityOf(file) {
  return `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
}

/** @param {string} archive @param {string} folder */
function unpack(archive, folder) {
  const fresh = `${folder}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  const patterns = ['*.ts', '*.mts', '*.cts']
  const options = ['--strip-components=1', '--no-same-owner', '--wildcards']
  try {
    const words = ['-xzf', archive, '-C', fresh, ...options, ...patterns]
    execFileSync('tar', words, { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    // A pattern that fits no file of the archive is no fault; anything else is.
    const said = String(/** @type {any} */ (error).stderr)
    if (!said.split('\n').every((line) => line === '' || /Not found in|Exiting with/.test(line))) {
      throw new Error(`cannot unpack ${archive}: ${said}`)
    }
  }
  execFileSync('mv', ['-T', fresh, folder])
}

/**
 * Downloads packages and checks that each is the one of the list.
 *
 * @param {Package[]} packages
 */
function fetchPackages(packages) {
  const archives = join(CACHE, 'archives')
  mkdirSync(archives, { recursive: true })
  const options = ['--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', archives]
  const output = execFileSync('npm', ['pack', ...options, ...packages.map(({ spec }) => spec)], {
    cwd: SETS,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  /** @type {{ id: string, filename: string }[]} */
  const packed = Object.values(JSON.parse(output))
  for (const { spec, integrity } of packages) {
    const entry = packed.find(({ id }) => id === spec)
    if (entry === undefined) throw new Error(`npm did not bring ${spec}`)
    const archive = join(archives, entry.filename.replace('@', '').replace('/', '-'))
    const found = integrityOf(archive)
    if (found !== integrity) throw new Error(`${spec} is ${found}, expected ${integrity}`)
    unpack(archive, folderOf(spec))
    rmSync(archive)
  }
}

/**
 * Brings the packages that are not here yet.
 *
 * @param {Package[]} packages
 * @param {(text: string) => void} progress
 */
export function bringPackages(packages, progress) {
  mkdirSync(join(CACHE, 'packages'), { recursive: true })
  const missing = packages.filter(({ spec }) => !existsSync(folderOf(spec)))
  for (let at = 0; at < missing.length; at += PACKAGES_A_CALL) {
    progress(`fetching packages: ${at} of ${missing.length}`)
    fetchPackages(missing.slice(at, at + PACKAGES_A_CALL))
  }
}

/** @param {Package} one @returns {{ name: string, path: string }[]} */
function filesOf({ spec }) {
  const folder = folderOf(spec)
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name) && !DECLARATIONS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ name: `${spec}/${relative(folder, path)}`, path }))
}

/**
 * The files of packages, each text once.
 *
 * @param {Package[]} packages
 * @returns {{ files: { name: string, path: string }[], duplicates: number }}
 */
export function listFiles(packages) {
  const seen = new Set()
  const all = packages.flatMap(filesOf)
  const files = all.filter(({ path }) => {
    const sum = createHash('sha256').update(readFileSync(path)).digest('base64')
    if (seen.has(sum)) return false
    seen.add(sum)
    return true
  })
  return { files, duplicates: all.length - files.length }
}

/**
 * Asks npm which archives these are, and writes the list anew with their hashes.
 *
 * @param {string} set
 * @param {string[]} specs
 */
export function writeList(set, specs) {
  const head = [
    `# The packages of the ${set} set: name, exact version, hash. Written by`,
    `#     tests/corpus/run --pin ${set} NAME@VERSION...`,
  ]
  const lines = specs.toSorted().map((spec) => {
    const words = ['view', spec, 'dist.integrity', '--loglevel=error']
    const integrity = execFileSync('npm', words, { cwd: SETS, encoding: 'utf8' }).trim()
    return `${spec} ${integrity}`
  })
  writeFileSync(join(SETS, `${set}.list`), `${[...head, ...lines].join('\n')}\n`)
}
