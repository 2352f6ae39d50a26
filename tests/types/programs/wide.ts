/** Tools with and without types, events, logs and signals, where there is an AbortSignal. */
import { createPool, type ToolFunction } from '@hutch/isolate'

interface Point {
  readonly x: number
  readonly y: number
}

const untyped: ToolFunction = ({ a, b }) => a + b
const typed = ({ x, y }: Point): number => x + y
const later = async (city: string): Promise<string> => city
const none = (): void => {}

const pool = createPool()
const context = pool.open({
  tools: {
    untyped,
    typed,
    later,
    none,
    inline: ({ a, b }) => a + b,
    method(input: Point[]) {
      return input.length
    },
  },
})
const anything: unknown = await context.run('return 1')
const sum: number = await context.run<number>('return 1', {
  tools: { typed, other: (input: { id: number }) => input.id },
  onLog: ({ level, text }) => `${level}${text}`,
  signal: AbortSignal.timeout(500),
})
// @ts-expect-error a signal is an AbortSignal
await context.run('', { signal: 'soon' })
// @ts-expect-error a tool is a function
pool.open({ tools: { add: 5 } })
// @ts-expect-error nobody knows what a program returns, unless the caller says it
const length = (await context.run('return 1')).length

context.start('return 1')
for await (const event of context.events()) {
  if (event.type === 'tool_call') context.reply(event.id, event.input.a + event.input.b)
  if (event.type === 'failed') throw new Error(event.message)
}

export const all = [anything, sum, length, new AbortController().signal]
