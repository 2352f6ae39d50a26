/**
 * The commands of examples/scripts, which the documentation shows, are commands of this repository. What they
 * do takes long, and other stages of script/test do it; here each is asked whether it takes its options.
 */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { runScript } from './tree.mjs'

const folder = new URL('../../examples/scripts/', import.meta.url)
const presets = JSON.parse(
  readFileSync(new URL('../../CMakePresets.json', import.meta.url), 'utf8'),
)

/** The commands of a script, each a list of words. */
function commandsOf(text) {
  return text
    .split(/\n|&&/)
    .map((command) => command.replace(/(^|\s)#.*$/, '').trim())
    .filter((command) => command !== '')
    .map((command) => command.split(/\s+/))
}

/** A script of ours: it reads the words before --help, and refuses those that it does not know. */
function askScript([script, ...words]) {
  const { status, stdout } = runScript(script, [...words, '--help'])
  assert.equal(status, 0, `${script} ${words.join(' ')} --help`)
  assert.ok(stdout.startsWith(`Usage: ${script}`), stdout)
  for (const option of words.filter((word) => word.startsWith('-'))) {
    assert.ok(stdout.includes(option), `${script} has ${option}`)
  }
}

const LISTS = { cmake: 'configurePresets', 'cmake --build': 'buildPresets', ctest: 'testPresets' }

function askPreset(words) {
  const at = words.indexOf('--preset')
  const list = LISTS[words.slice(0, at).join(' ')]
  assert.equal(words.length, at + 2, words.join(' '))
  assert.ok(
    presets[list].some(({ name }) => name === words[at + 1]),
    words.join(' '),
  )
}

/** A program of a build: build/PRESET/FOLDER/NAME, which FOLDER's CMakeLists.txt makes. */
function askBuilt([program, ...words]) {
  const [, preset, place, name] = /^build\/([\w-]+)\/(.+)\/([^/]+)$/.exec(program) ?? []
  assert.ok(
    presets.configurePresets.some((one) => one.name === preset),
    program,
  )
  const lists = readFileSync(new URL(`../../${place}/CMakeLists.txt`, import.meta.url), 'utf8')
  const target = name.replace(/^fuzz_/, '')
  assert.match(lists, new RegExp(`^hutch_\\w+\\(${target}\\b`, 'm'), program)
  for (const path of words.filter((word) => word.includes('/'))) {
    assert.notEqual(readdirSync(new URL(`../../${path}`, import.meta.url)).length, 0, path)
  }
}

for (const file of readdirSync(folder)) {
  test(`examples/scripts/${file}`, () => {
    const commands = commandsOf(readFileSync(new URL(file, folder), 'utf8'))
    assert.notEqual(commands.length, 0)
    for (const words of commands) {
      if (words[0].startsWith('script/')) askScript(words)
      else if (words[0].startsWith('build/')) askBuilt(words)
      else askPreset(words)
    }
  })
}
