/** script/check-hardening names what a program lacks; each program here lacks one thing. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { runScript } from './tree.mjs'

const ask = (program) => runScript('script/check-hardening', [program])
const folder = mkdtempSync(join(tmpdir(), 'hutch-hardening-'))
after(() => rmSync(folder, { recursive: true }))

const source = join(folder, 'program.c')
writeFileSync(
  source,
  `#include <stdio.h>
#include <string.h>
__attribute__((visibility("default"))) int shown(char *into, const char *text) {
    char copy[64];
    strcpy(copy, text);
    return sprintf(into, "%s", copy);
}
int main(int count, char **texts) {
    char text[80];
    return count > 1 ? shown(text, texts[1]) : 0;
}
`,
)

const GOOD = [
  ...['-O2', '-fPIE', '-pie', '-D_FORTIFY_SOURCE=3', '-fstack-protector-strong'],
  ...['-Wl,-z,relro,-z,now', '-Wl,-z,noexecstack'],
]

/** Compiles with these flags behind the good ones; says what the script says. */
function check(...flags) {
  const program = join(folder, 'program')
  const compiled = spawnSync('gcc', ['-w', source, ...GOOD, ...flags, '-o', program])
  assert.equal(compiled.status, 0, String(compiled.stderr))
  const { status, stdout } = ask(program)
  return { status, said: stdout.replaceAll(program, 'it') }
}

test('a program that has everything passes, a static one too', () => {
  assert.deepEqual(check(), { status: 0, said: 'ok it\n' })
  assert.deepEqual(check('-static-pie'), { status: 0, said: 'ok it\n' })
})

test('each thing that a program lacks is named', () => {
  for (const [flags, said] of [
    [['-no-pie'], 'not position-independent'],
    [['-Wl,-z,norelro'], 'no RELRO'],
    [['-Wl,-z,lazy'], 'not bound at its start'],
    [['-Wl,-z,execstack'], 'an executable stack'],
    [['-fno-stack-protector'], 'no guarded stack'],
    [['-U_FORTIFY_SOURCE'], 'no fortified call'],
    [['-Wl,-rpath,/tmp'], 'a library path of its own'],
    [['-rdynamic'], 'exports shown'],
  ]) {
    const result = check(...flags)
    assert.equal(result.status, 1, flags.join(' '))
    assert.ok(result.said.startsWith('not ok it: '), result.said)
    assert.ok(result.said.includes(said), `${flags}: ${result.said}`)
  }
})

test('a file that is not there is a wrong argument', () => {
  const { status, stderr } = ask(join(folder, 'absent'))
  assert.equal(status, 2)
  assert.match(stderr, /no such file/)
})
