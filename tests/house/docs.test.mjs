/** script/check-docs finds the code blocks that are not the files they name, and those that no test
 *  covers. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { runScript, withTree } from './tree.mjs'

/** Runs the script on a tree of these files; says what it printed and what page.md is afterwards. */
const check = (files, ...options) =>
  withTree(files, (root) => {
    const { status, stdout, stderr } = runScript('script/check-docs', [...options, root])
    assert.equal(stderr, '')
    return { status, stdout, page: readFileSync(join(root, 'docs/page.md'), 'utf8') }
  })

const fenced = (language, text, marker) =>
  `${marker === undefined ? '' : `<!-- file: ${marker} -->\n`}\`\`\`${language}\n${text}\`\`\`\n`

const page = (block) => `# Page\n\n${fenced('', block, 'a.out')}\nThe end.\n`

/** Checks a page that has one block, beside these files. */
const checkBlock = (language, text, marker, files = {}) =>
  check({ 'docs/page.md': fenced(language, text, marker), ...files })

test('a block that is the file passes', () => {
  const { status, stdout } = check({
    'docs/page.md': page('one\n\ntwo\n'),
    'a.out': 'one\n\ntwo\n',
  })
  assert.equal(stdout, '1 code blocks are the files they name\n')
  assert.equal(status, 0)
})

test('a block that differs is named with its line', () => {
  for (const [block, line, where] of [
    ['one\n2\n', 6, 2],
    ['one\n', 6, 2],
    ['one\ntwo\nthree\n', 7, 3],
    ['', 5, 1],
  ]) {
    const { status, stdout } = check({ 'docs/page.md': page(block), 'a.out': 'one\ntwo\n' })
    assert.equal(stdout, `docs/page.md:${line}: differs from line ${where} of a.out\n`)
    assert.equal(status, 1)
  }
})

test('a block without an end is a fault, and hides nothing', () => {
  const { status, stdout } = check({ 'docs/page.md': '# Page\n\n```ts\nlet x: = 1\n' })
  assert.equal(
    stdout,
    'docs/page.md:3: this block has no end\n' +
      'docs/page.md:3: a block of ts needs a line <!-- file: PATH --> above it\n',
  )
  assert.equal(status, 1)
})

test('what follows the language of a block hides it from nobody', () => {
  for (const info of ['ts{1,3}', 'ts title="a.ts"', '{.ts}', 'ts,ignore', 'TS', 'ts-x']) {
    assert.match(checkBlock(info, 'let x: = 1\n').stdout, /^docs\/page\.md:1: a block of ts needs/)
  }
})

test('a block in a quotation is a block', () => {
  const { stdout } = check({
    'docs/page.md': '> ```ts\n> let x: = 1\n> ```\n\n> > ~~~js\n> > 1\n> > ~~~\n',
  })
  assert.equal(
    stdout,
    'docs/page.md:1: a block of ts needs a line <!-- file: PATH --> above it\n' +
      'docs/page.md:5: a block of js needs a line <!-- file: PATH --> above it\n',
  )
})

test('a file that is not there, and a marker without a block, are faults', () => {
  const missing = check({ 'docs/page.md': page('one\n') })
  assert.equal(missing.stdout, 'docs/page.md:3: there is no file a.out\n')
  assert.equal(missing.status, 1)
  const bare = check({ 'docs/page.md': '<!-- file: a.out -->\ntext\n', 'a.out': 'one\n' })
  assert.equal(bare.stdout, 'docs/page.md:1: no code block after this line\n')
  assert.equal(bare.status, 1)
})

test('--fix writes the file into the block and leaves the rest alone', () => {
  const fixed = check({ 'docs/page.md': page('old\nlines\n'), 'a.out': 'new\n' }, '--fix')
  assert.equal(fixed.page, page('new\n'))
  assert.equal(fixed.status, 0)
})

test('a change is compared with the file as it is after it', () => {
  const file = { 'a.c': 'one\ntwo\nthree\nfour\n' }
  const right = checkBlock('diff', ' one\n-half\n+two\n@@\n+four\n', 'a.c', file)
  assert.equal(right.stdout, '1 code blocks are the files they name\n')
  assert.equal(right.status, 0)
  for (const [block, line] of [
    [' one\n+2\n', 4],
    ['+four\n one\n', 4],
    ['+half\n-one\n', 3],
  ]) {
    const { status, stdout } = checkBlock('diff', block, 'a.c', file)
    assert.equal(stdout, `docs/page.md:${line}: a.c has no such line, or not here\n`)
    assert.equal(status, 1)
  }
  assert.match(checkBlock('diff', '+one\n').stdout, /a block of diff needs a line/)
})

test('a block of a language needs a file, in every folder with pages', () => {
  for (const language of ['ts', 'typescript', 'js', 'mjs', 'c', 'cpp', 'sh', 'bash', 'console']) {
    const { status, stdout } = checkBlock(language, 'one\n')
    assert.equal(
      stdout,
      `docs/page.md:1: a block of ${language} needs a line <!-- file: PATH --> above it\n`,
    )
    assert.equal(status, 1)
  }
  for (const block of [
    '  ```ts\n  one\n  ```\n',
    '~~~TS\none\n~~~\n',
    '```ts title=a\none\n```\n',
  ]) {
    assert.match(check({ 'docs/page.md': block }).stdout, /^docs\/page\.md:1: a block of ts needs /)
  }
  for (const language of ['', 'json', 'cmake']) {
    assert.equal(checkBlock(language, 'one\n').status, 0)
  }
  for (const name of ['README.md', 'js/README.md']) {
    const { stdout } = check({ 'docs/page.md': '', [name]: `text\n${fenced('ts', '')}` })
    assert.equal(stdout, `${name}:2: a block of ts needs a line <!-- file: PATH --> above it\n`)
  }
})

test('the file of a block of a language has to be one that a test covers', () => {
  for (const [language, file, others] of [
    ['c', 'examples/a.c', { 'examples/expected/a.txt': '' }],
    ['sh', 'examples/cli/a.sh', { 'examples/cli/a.out': '' }],
    ['js', 'examples/cli/a.js', { 'examples/cli/b.sh': 'run a.js', 'examples/cli/b.out': '' }],
    ['ts', 'examples/typescript/a.ts', { 'examples/typescript/a.out': '' }],
    ['sh', 'examples/scripts/a.sh', {}],
  ]) {
    const covered = checkBlock(language, 'one\n', file, { [file]: 'one\n', ...others })
    assert.equal(covered.stdout, '1 code blocks are the files they name\n')
  }
  for (const [language, file, others] of [
    ['ts', 'a.ts', { 'a.out': '' }],
    ['c', 'src/a.c', {}],
    ['c', 'examples/a.c', {}],
    ['sh', 'examples/cli/a.sh', {}],
    ['js', 'examples/cli/a.js', { 'examples/cli/b.sh': 'run a.js' }],
    ['js', 'examples/cli/a.js', { 'examples/cli/b.sh': 'run c.js', 'examples/cli/b.out': '' }],
    ['ts', 'examples/typescript/a.ts', {}],
    ['ts', 'examples/typescript/more/a.ts', { 'examples/typescript/more/a.out': '' }],
  ]) {
    const { status, stdout } = checkBlock(language, 'one\n', file, { [file]: 'one\n', ...others })
    assert.match(stdout, new RegExp(`^docs/page.md:1: no test covers ${file}; `))
    assert.equal(status, 1)
  }
})

const REGIONS = `before
  // #region first
  one
    two
  // #endregion first
between
// #region second
three
// #endregion second
  // #region first

  four
  // #endregion first
after
`

test('a block can be a part of a file', () => {
  const files = { 'examples/typescript/a.ts': REGIONS, 'examples/typescript/a.out': '' }
  const marker = (name) => `examples/typescript/a.ts#${name}`
  for (const [name, text] of [
    ['first', 'one\n  two\n\n\nfour\n'],
    ['second', 'three\n'],
  ]) {
    assert.equal(checkBlock('ts', text, marker(name), files).status, 0)
    const differs = checkBlock('ts', `${text}more\n`, marker(name), files)
    const last = text.split('\n').length
    assert.equal(
      differs.stdout,
      `docs/page.md:${last + 2}: differs from line ${last} of ${marker(name)}\n`,
    )
    const fixed = check({ 'docs/page.md': fenced('ts', '', marker(name)), ...files }, '--fix')
    assert.equal(fixed.page, fenced('ts', text, marker(name)))
  }
  const missing = checkBlock('ts', 'one\n', marker('third'), files)
  assert.equal(
    missing.stdout,
    'docs/page.md:1: there is no region third in examples/typescript/a.ts\n',
  )
  assert.equal(missing.status, 1)
})

test('the comments around the parts of a file are not in a block of the whole file', () => {
  const files = { 'examples/typescript/a.ts': REGIONS, 'examples/typescript/a.out': '' }
  const whole = 'before\n  one\n    two\nbetween\nthree\n\n  four\nafter\n'
  assert.equal(checkBlock('ts', whole, 'examples/typescript/a.ts', files).status, 0)
})

test('the documentation of this repository is true', () => {
  const { status, stdout } = runScript('script/check-docs', [])
  assert.match(stdout, /^\d+ code blocks are the files they name\n$/)
  assert.equal(status, 0)
})

test('links lead to files and headings that are there', () => {
  const files = {
    'README.md': '# Hutch: a `hutch`\n\n## How to add_one\n',
    'docs/page.md':
      '# The page\n[a](../README.md) [b](../README.md#hutch-a-hutch) [c](../README.md#how-to-add_one)\n' +
      '[d](#the-page) [e](https://example.org/gone#x) [f](mailto:a@b)\n```\n[g](gone.md)\n```\n',
  }
  assert.equal(check(files).stdout, '0 code blocks are the files they name\n')
  files['docs/page.md'] += '[a](gone.md) [b](../README.md#gone)\n[c](#gone)\n'
  const { status, stdout } = check(files)
  assert.equal(
    stdout,
    'docs/page.md:7: there is no docs/gone.md\n' +
      'docs/page.md:7: there is no heading #gone in README.md\n' +
      'docs/page.md:8: there is no heading #gone in docs/page.md\n',
  )
  assert.equal(status, 1)
})
