// The builds that there are, and what is said where there is none for a machine, or none is installed.
// @ts-check
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'

/** @param {string} name */
const insideUrl = (name) => new URL(name, import.meta.resolve('@hutch/isolate'))
const { BUILDS, notBundled, notInstalled, otherVersion } = await import(
  insideUrl('./addon/platform.js').href
)
const { VERSION } = await import(insideUrl('./base/tables.js').href)
const { requireBuild } = await import(insideUrl('./addon/builds.cjs').href)
/** @type {{ name: string }[]} */
const builds = Object.values(BUILDS).flat()

describe('the packages with builds', () => {
  test('each is asked for by its name as it stands, where bundlers see it', () => {
    const text = readFileSync(insideUrl('./addon/builds.cjs'), 'utf8')
    const asked = [...text.matchAll(/require\('([^']+)'\)/g)].map(([, name]) => name)
    assert.deepEqual(asked.sort(), builds.map(({ name }) => name).sort())
  })

  test('one that is not there fails without throwing, as one does that nobody knows', () => {
    for (const name of ['@hutch/isolate-linux-arm64-musl', '@hutch/isolate-nowhere']) {
      const { found, failed } = requireBuild(name)
      assert.equal(found, undefined)
      assert.ok(failed instanceof Error)
      assert.ok(failed.message.includes(name), failed.message)
    }
  })

  test('the package has the version of the tables', () => {
    const { version } = JSON.parse(readFileSync(insideUrl('../package.json'), 'utf8'))
    assert.equal(version, VERSION)
  })
})

describe('what is said where there is no addon', () => {
  const here = BUILDS['linux x64']

  test('not installed: what to install, and why it is not there', () => {
    const text = notInstalled(here)
    assert.match(
      text,
      /needs @hutch\/isolate-linux-x64 \(with musl: @hutch\/isolate-linux-x64-musl\)/,
    )
    assert.ok(text.includes(`npm install @hutch/isolate-linux-x64@${VERSION}.`), text)
    assert.match(text, /--omit=optional.* lock file .*another system/)
  })

  test('in a bundle: the line that each bundler wants', () => {
    assert.match(
      notBundled(here),
      /external; Next\.js: serverExternalPackages: \["@hutch\/isolate"\]/,
    )
  })

  test('of another version: both are named, with one line that installs them', () => {
    const text = otherVersion('@hutch/isolate-linux-x64', '9.9.9')
    assert.match(text, /isolate-linux-x64 is of version 9\.9\.9 and @hutch\/isolate of version/)
    assert.match(text, /"npm install @hutch\/isolate@\S+ @hutch\/isolate-linux-x64@\S+"/)
  })
})
