import { createPool } from '@hutch/isolate'

const pool = createPool()
const context = pool.open({ tools: { add: ({ a, b }) => a + b }, timeout: 1000 })

console.log(await context.run('return await add({ a: 1, b: 2 })')) // 3

context.close()
pool.close()
