/**
 * Checks that each package-lock.json has what the package.json beside it asks for (in the root, js/ too),
 * and says nowhere which registry it came from. Run in the root. Ends with 1 after a line for each fault.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FIELDS = [
  'version',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
]

const LOCKS = {
  '.': { '': 'package.json', js: 'js/package.json' },
  bench: { '': 'bench/package.json' },
  'bench/strip': { '': 'bench/strip/package.json' },
  'tests/bundlers': { '': 'tests/bundlers/package.json' },
  'tests/corpus': { '': 'tests/corpus/package.json' },
  'tests/types': { '': 'tests/types/package.json' },
  'tests/types/more': { '': 'tests/types/more/package.json' },
}

const read = (file) => JSON.parse(readFileSync(file, 'utf8'))

function* faultsOf(place, sources) {
  const name = join(place, 'package-lock.json')
  const lock = read(name)
  for (const [folder, file] of Object.entries(sources)) {
    const asked = read(file)
    const locked = lock.packages[folder] ?? {}
    for (const field of FIELDS) {
      if (JSON.stringify(asked[field]) !== JSON.stringify(locked[field])) {
        yield `${file}: ${field} is not what ${name} has; CONTRIBUTING.md says how to renew it`
      }
    }
  }
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (/^https?:/.test(entry.resolved ?? '')) yield `${name}: ${path} names its registry`
    if (path.startsWith('node_modules/') && !entry.link && !entry.integrity) {
      yield `${name}: ${path} has no integrity`
    }
  }
}

const faults = Object.entries(LOCKS).flatMap(([place, sources]) => [...faultsOf(place, sources)])
for (const fault of faults) console.log(fault)
process.exit(faults.length > 0 ? 1 : 0)
