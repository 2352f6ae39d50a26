/** Every entry that needs no other package, with nothing around it. */
import { type Context, createPool, HutchError, type Pool, RunError } from '@hutch/isolate'
import { checkProgram } from '@hutch/isolate/check'
import { StripError, stripTypes } from '@hutch/isolate/strip'

const pool: Pool = createPool({ maxWorkers: 2 })
const context: Context = pool.open()
const value: number = await context.run<number>('return 1')
const text: string = stripTypes('const a: number = 1')
const found = await checkProgram('return 1', { tools: text })
pool[Symbol.dispose]()
context[Symbol.dispose]()

export const all = [value, text, found[0]?.line, HutchError, RunError, StripError]
