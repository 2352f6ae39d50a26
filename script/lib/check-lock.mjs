/**
 * Checks that package-lock.json has what package.json and js/package.json ask for, and says nowhere
 * which registry it came from. Run in the root. Ends with 1 after a line for each fault.
 */

import { readFileSync } from 'node:fs'

const FIELDS = [
  'version',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
]

const read = (file) => JSON.parse(readFileSync(file, 'utf8'))
const lock = read('package-lock.json')
const faults = []

for (const [folder, file] of Object.entries({ '': 'package.json', js: 'js/package.json' })) {
  const asked = read(file)
  const locked = lock.packages[folder] ?? {}
  for (const field of FIELDS) {
    if (JSON.stringify(asked[field]) !== JSON.stringify(locked[field])) {
      faults.push(
        `${file}: ${field} is not what package-lock.json has; CONTRIBUTING.md says how to renew it`,
      )
    }
  }
}
for (const [name, entry] of Object.entries(lock.packages)) {
  if (/^https?:/.test(entry.resolved ?? ''))
    faults.push(`package-lock.json: ${name} names its registry`)
  if (name.startsWith('node_modules/') && !entry.link && !entry.integrity) {
    faults.push(`package-lock.json: ${name} has no integrity`)
  }
}

for (const fault of faults) console.log(fault)
process.exit(faults.length > 0 ? 1 : 0)
