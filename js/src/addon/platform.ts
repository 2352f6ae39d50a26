/**
 * The builds that there are, the packages that they come in, and what is said
 * where there is none. script/package makes a package of each.
 */
import { VERSION } from '../base/tables.js'

export interface Build {
  /** Of the package. */
  readonly name: string
  /** What the system starts its programs with. */
  readonly loader: string
}

/** By the system and its processor: what to try, in order; the second one is for musl. Which C library
 *  a process has is known only by trying: an addon for the other one does not load. */
export const BUILDS: Readonly<Record<string, readonly Build[]>> = {
  'linux x64': [
    { name: '@hutch/isolate-linux-x64', loader: '/lib64/ld-linux-x86-64.so.2' },
    { name: '@hutch/isolate-linux-x64-musl', loader: '/lib/ld-musl-x86_64.so.1' },
  ],
  'linux arm64': [
    { name: '@hutch/isolate-linux-arm64', loader: '/lib/ld-linux-aarch64.so.1' },
    { name: '@hutch/isolate-linux-arm64-musl', loader: '/lib/ld-musl-aarch64.so.1' },
  ],
}

export const HERE = `${process.platform} ${process.arch}`

/** Those for this machine. Throws an Error that says what there is where there is none. */
export function buildsHere(): readonly Build[] {
  const builds = BUILDS[HERE]
  if (builds === undefined) {
    throw new Error(
      `@hutch/isolate has no build for ${HERE}; builds exist for ${Object.keys(BUILDS).join(', ')}. ` +
        'Run it on one of these, a container or a virtual machine for instance',
    )
  }
  return builds
}

function orMusl([first, musl]: readonly Build[]): string {
  return `${first?.name} (with musl: ${musl?.name})`
}

/** None of them is installed. */
export function notInstalled(builds: readonly Build[]): string {
  return (
    `@hutch/isolate needs ${orMusl(builds)} on ${HERE}, which is not installed: ` +
    `npm install ${builds[0]?.name}@${VERSION}. It is an optional dependency, which is left out ` +
    'with --omit=optional, and by a lock file that was made on another system'
  )
}

/** A bundler has moved this package to where none of them is found. */
export function notBundled(builds: readonly Build[]): string {
  return (
    `@hutch/isolate does not find ${orMusl(builds)} from where a bundler has put it: leave ` +
    '"@hutch/isolate" out of the bundle (webpack, rollup, esbuild: external; Next.js: ' +
    'serverExternalPackages: ["@hutch/isolate"]), or copy hutch.node beside the bundle'
  )
}

/** It is installed, and of another version than this package. */
export function otherVersion(name: string, version: string): string {
  return (
    `${name} is of version ${version} and @hutch/isolate of version ${VERSION}: ` +
    `install both in one, with "npm install @hutch/isolate@${VERSION} ${name}@${VERSION}"`
  )
}

/** Whether `require` has not found what it was asked for, whatever the runtime. */
export function isNotFound(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND'
}
