/** script/check-layers finds what a layer may not include or import, and says where. */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { faultsIn } from './tree.mjs'

const check = (files) => faultsIn('script/check-layers', files)

/** A file with one include, or import, in its second line. */
const forbidden = [
  ['src/base/a.c', '#include "arena/arena.h"', 'src/base may include no header'],
  ['src/base/a.c', '#include <unistd.h>', 'src/base may include of the system only'],
  ['src/arena/a.c', '#include "isolate/world.h"', 'src/arena may include headers of src/base'],
  ['src/arena/a.h', '#include "../base/buffer.h"', 'never by ..'],
  ['src/strip/a.c', '#include "plat/clock.h"', 'src/strip may include headers of src/base'],
  ['src/inspect/a.c', '#include "isolate/guest.h"', 'src/inspect may include headers of src/base'],
  ['src/inspect/a.c', '#include <unistd.h>', 'src/inspect may include of the system only'],
  ['src/isolate/a.c', '#include "wire/ring.h"', 'src/isolate may include headers of'],
  ['src/wire/a.c', '#include "pool/list.h"', 'src/wire may include headers of'],
  ['src/plat/linux/a.c', '#include "wire/ring.h"', 'src/plat may include headers of src/base'],
  ['src/pool/a.c', '#include "isolate/driver.h"', 'src/pool may include headers of'],
  ['src/pool/a.c', '# include <quickjs.h>', 'only src/inspect and src/isolate know the engine'],
  ['src/worker/a.c', '#include "pool/list.h"', 'src/worker may include headers of'],
  ['src/worker/a.c', '#include <quickjs.h>', 'only src/inspect and src/isolate know the engine'],
  ['node/a.c', '#include "isolate/driver.h"', 'node may include headers of'],
  ['cli/a.c', '#include "pool/list.h"', 'cli may include headers of src/base'],
  ['cli/a.c', '#include <isolate/driver.h>', 'cli may include headers of src/base'],
  ['examples/a.c', '#include "pool/list.h"', 'examples may include no header'],
  ['include/hutch/a.h', '#include "base/buffer.h"', 'include/hutch may include no header'],
  ['include/hutch/a.h', '#include <sys/types.h>', 'include/hutch may include of the system only'],
  ['tests/pool/a.c', '#include <quickjs.h>', 'only src/inspect and src/isolate know the engine'],
  ['js/src/a.ts', "import { z } from 'zod'", 'js/src may import its own files'],
  ['js/src/a.ts', "import { x } from '../test/x.js'", 'js/src may import its own files'],
  ['js/src/a.ts', "const x = await import('bun:ffi')", 'js/src may import its own files'],
  ['js/src/a.ts', "export * from '../../node/x.js'", 'js/src may import its own files'],
  ['js/src/a.ts', "import { x } from './rest/x.js'", 'js/src may import its own files'],
  ['js/src/base/a.ts', "import { x } from '../addon/x.js'", 'js/src/base may import its own files'],
  ['js/src/base/a.ts', "import { x } from '../index.js'", 'js/src/base may import its own files'],
  ['js/src/addon/a.ts', "import type { X } from '../run/x.js'", 'its own files, js/src/base'],
  ['js/src/addon/a.ts', "import type { X } from '@tanstack/ai-code-mode'", 'no package but'],
  ['js/src/run/a.ts', "import('../open/x.js')", 'its own files, js/src/addon, js/src/base'],
  ['js/src/run/a.ts', "require('../hutch.node')", 'its own files, js/src/addon, js/src/base'],
  [
    'js/src/text/a.ts',
    "import { x } from '../driver/x.js'",
    'js/src/text may import its own files',
  ],
  ['js/src/text/a.ts', "import { x } from '../run/x.js'", 'js/src/text may import its own files'],
  ['js/src/open/a.ts', "import '../driver/x.js'", 'js/src/open may import its own files'],
  ['js/src/driver/a.ts', "import { x } from '../tanstack.js'", 'js/src/driver may import its own'],
]

for (const [file, line, rule] of forbidden) {
  test(`${file} may not have ${line}`, () => {
    const lines = check({ [file]: `// one line\n${line}\n` })
    assert.equal(lines.length, 1)
    assert.ok(lines[0].startsWith(`${file}:2: `), lines[0])
    assert.ok(lines[0].includes(rule), lines[0])
  })
}

test('what points downwards passes', () => {
  const lines = check({
    'src/base/a.c': '#include "base/a.h"\n#include <string.h>\n#include <hutch/status.h>\n',
    'src/plat/linux/a.c': '#include "plat/a.h"\n#include "base/a.h"\n#include <sys/mman.h>\n',
    'src/arena/a.c': '#include "plat/memory.h"\n#include <valgrind/memcheck.h>\n',
    'src/inspect/a.c': '#include "base/a.h"\n#include <math.h>\n#include <quickjs.h>\n',
    'src/isolate/a.c': '#include "arena/arena.h"\n#include "inspect/a.h"\n#include <quickjs.h>\n',
    'src/worker/a.c': '#include "isolate/driver.h"\n#include "wire/ring.h"\n#include <seccomp.h>\n',
    'src/pool/a.c': '#include "wire/ring.h"\n#include "plat/a.h"\n#include <pthread.h>\n',
    'node/a.c': '#include "a.h"\n#include "base/buffer.h"\n#include <node_api.h>\n',
    'cli/a.c': '#include <hutch/hutch.h>\n#include <unistd.h>\n',
    'tests/inspect/a.c': '#include "inspect/a.h"\n#include <quickjs.h>\n',
    'tests/isolate/a.c': '#include "isolate/world.h"\n#include <cmocka.h>\n#include <quickjs.h>\n',
    'js/src/a.ts':
      "import { b } from './b.js'\nimport fs from 'node:fs/promises'\n" +
      "import type { IsolateDriver } from '@tanstack/ai-code-mode'\n" +
      "import { x } from './text/x.js'\n",
    'js/src/driver/a.ts':
      "import { b } from './b.js'\nimport { c } from '../open/c.js'\nimport '../text/d.js'\n" +
      "import type { IsolateDriver } from '@tanstack/ai-code-mode'\n",
    'js/src/addon/native.ts': "const addon = require('../hutch.node')\n",
    'js/src/base/a.ts': "import { b } from './b.js'\n",
  })
  assert.deepEqual(lines, [])
})

test('a C file of src/ is in a layer that is known', () => {
  const lines = check({ 'src/newroom/a.c': '// alone\n', 'src/b.h': '// alone\n' })
  assert.deepEqual(lines.sort(), [
    'src/b.h:1: src: script/lib/layers.mjs has no layer of this name',
    'src/newroom/a.c:1: src/newroom: script/lib/layers.mjs has no layer of this name',
  ])
})

test('a file of the package is in a room that is known', () => {
  const lines = check({ 'js/src/attic/a.ts': '// alone\n' })
  assert.deepEqual(lines, [
    'js/src/attic/a.ts:1: js/src/attic: script/lib/layers.mjs has no room of this name',
  ])
})

test('every fault of every file has a line of its own', () => {
  const lines = check({
    'src/base/a.c': '#include <unistd.h>\n\n#include <poll.h>\n',
    'src/wire/b.c': '#include "pool/list.h"\n',
  })
  assert.deepEqual(
    lines.map((line) => line.split(' ')[0]),
    ['src/base/a.c:1:', 'src/base/a.c:3:', 'src/wire/b.c:1:'],
  )
})
