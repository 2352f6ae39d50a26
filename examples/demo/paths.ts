/** Where things are. The demo may run as TypeScript from here, or compiled from build/demo. */

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = 'examples/demo/programs'

/** The folder of the repository. */
export const root: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, HERE))) {
    const above = dirname(folder)
    if (above === folder) throw new Error(`The demo expects to run inside a folder with ${HERE}`)
    folder = above
  }
  return folder
})()

export const programsFolder: string = join(root, HERE)
export const databaseFile: string = join(root, 'build/demo/places.sqlite')
