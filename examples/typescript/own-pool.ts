/** Drivers with a pool of their own, and with one that is shared with contexts of the low level. */
import { createPool } from '@hutch/isolate'
import { createIsolateDriver } from '@hutch/isolate/tanstack'

const few = createIsolateDriver({ maxWorkers: 8, spare: 2, timeout: 1000 })

const pool = createPool({ maxMemoryLimit: 256 })
const tenant = createIsolateDriver({ pool, trustDomain: 'tenant-7' })

for (const driver of [few, tenant]) {
  const context = await driver.createContext({ bindings: {} })
  console.log((await context.execute<number>('return 6 * 7')).value)
  await context.dispose()
}
pool.close()
