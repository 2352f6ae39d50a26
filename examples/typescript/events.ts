/** A program by its events, one by one; and another one with functions for its tools. */
import { createPool } from '@hutch/isolate'

const pool = createPool()
const context = pool.open({ tools: ['add'], timeout: 1000 })

context.start('console.log("go"); return add({ a: 1, b: 2 })')
for await (const event of context.events()) {
  if (event.type === 'tool_call') context.reply(event.id, event.input.a + event.input.b)
  if (event.type === 'done') console.log(event.value)
}

const value = await context.run<number>('console.log("again"); return add({ a: 3, b: 4 })', {
  tools: { add: ({ a, b }: { a: number; b: number }) => a + b },
  onLog: ({ level, text }) => console.log(level, text),
  signal: AbortSignal.timeout(60_000),
})
console.log(value.toFixed(1))
context.close()
pool.close()
