/** script/check-glibc names the symbols that older systems do not have. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../script/check-glibc', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hutch-glibc-'))
after(() => rmSync(folder, { recursive: true }))

/** Compiles a library of this text; says what the script says of it. */
function check(text, ...flags) {
  const source = join(folder, 'library.c')
  const library = join(folder, 'library.so')
  writeFileSync(source, text)
  const words = ['-shared', '-fPIC', '-w', source, '-o', library, ...flags]
  const compiled = spawnSync('gcc', words)
  assert.equal(compiled.status, 0, String(compiled.stderr))
  const { status, stdout } = spawnSync(script, [library], { encoding: 'utf8' })
  return { status, said: stdout.replaceAll(library, 'it').trimEnd() }
}

test('a library of symbols that are as old as can be passes, and its youngest is told', () => {
  const { status, said } = check('int puts(const char *); int f(void) { return puts(""); }')
  assert.deepEqual([status, said], [0, 'ok it: 2.2.5'])
})

test('2.28 itself passes; what needs none is static', () => {
  const { status, said } = check(
    '#include <fcntl.h>\n__asm__(".symver f,fcntl64@GLIBC_2.28"); int f(int, int);' +
      'int g(void) { return f(0, 0); }',
  )
  assert.deepEqual([status, said], [0, 'ok it: 2.28'])
  assert.deepEqual(check('int f(void) { return 1; }', '-nostdlib').said, 'ok it: static')
})

test('younger ones are named, with their versions', () => {
  const { status, said } = check(
    'int pidfd_open(int, unsigned); int pthread_join(long, void **);' +
      'int f(void) { return pidfd_open(1, 0) + pthread_join(0, 0); }',
  )
  assert.deepEqual([status, said], [1, 'not ok it: pthread_join@2.34 pidfd_open@2.36'])
})
