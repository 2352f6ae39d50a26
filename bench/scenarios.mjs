/**
 * What is measured: one program each, run in a fresh context (opened, run and
 * closed within the measured time), in a context that stays open, or as the
 * first thing of a new process.
 *
 * @typedef {object} Scenario
 * @property {string} name       for --only and the JSON
 * @property {string} title      for the tables
 * @property {'fresh' | 'reused' | 'process'} context
 * @property {string} code       the body of an async function
 * @property {unknown} expected  what it returns
 */

const FIB = 'const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2))'

/** @param {number} calls */
const sequential = (calls) => `let sum = 0
for (let i = 0; i < ${calls}; i++) sum += await increment({ value: i })
return sum`

/** @param {number} calls */
const parallel = (
  calls,
) => `const inputs = Array.from({ length: ${calls} }, (_, value) => ({ value }))
const results = await Promise.all(inputs.map((input) => increment(input)))
return results.reduce((sum, value) => sum + value, 0)`

/** The sum of what `calls` calls return: 1 + 2 + ... @param {number} calls */
const sum = (calls) => (calls * (calls + 1)) / 2

/** @type {Scenario[]} */
export const scenarios = [
  {
    name: 'fresh',
    title: 'fresh: 1 + 1',
    context: 'fresh',
    code: 'return 1 + 1',
    expected: 2,
  },
  {
    name: 'reused',
    title: 'reused: 1 + 1',
    context: 'reused',
    code: 'return 1 + 1',
    expected: 2,
  },
  {
    name: 'calls-8',
    title: '8 calls',
    context: 'fresh',
    code: sequential(8),
    expected: sum(8),
  },
  {
    name: 'calls-100',
    title: '100 calls',
    context: 'fresh',
    code: sequential(100),
    expected: sum(100),
  },
  {
    name: 'parallel-100',
    title: '100 parallel',
    context: 'fresh',
    code: parallel(100),
    expected: sum(100),
  },
  {
    name: 'fib-20',
    title: 'fib(20)',
    context: 'fresh',
    code: `${FIB}\nreturn fib(20)`,
    expected: 6765,
  },
  {
    name: 'first',
    title: 'new process',
    context: 'process',
    code: 'return 1 + 1',
    expected: 2,
  },
]

/** The tools of every context. */
export const tools = {
  increment: async (/** @type {{ value: number }} */ { value }) => value + 1,
}
