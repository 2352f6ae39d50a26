import { createPool } from '@hutch/isolate'

async function main() {
  const pool = createPool()
  const context = pool.open({ tools: { add: ({ a, b }) => a + b } })
  console.log(await context.run('return await add({ a: 40, b: 2 })'))
  context.close()
  pool.close()
}

main()
