/**
 * What npm runs in js/ before it packs: a package without its addon would be one that nobody can use.
 * Ends with 1 where there is no build.
 */

import { existsSync } from 'node:fs'

const missing = ['dist/index.js', 'dist/hutch.node', 'dist/hutch'].find((file) => !existsSync(file))

if (missing !== undefined) {
  console.error(
    `@hutch/isolate is not built (js/${missing} is missing): run script/build first. ` +
      'What is published is made by script/package, in build/package',
  )
  process.exitCode = 1
}
