/**
 * The mixed programs of the soak: what each is given, and how it must end.
 * Most contexts get an ordinary one; the costly ones come now and then.
 *
 * @typedef {import('@tanstack/ai-code-mode').ExecutionResult} Result
 * @typedef {object} Guest
 * @property {string} name
 * @property {string} code
 * @property {number} [timeout] milliseconds
 * @property {number} [memoryLimit] megabytes
 * @property {(result: Result) => boolean} isRight
 */

/** @param {unknown} value @returns {(result: Result) => boolean} */
const gives = (value) => (result) =>
  result.success && JSON.stringify(result.value) === JSON.stringify(value)

/** @param {string} name @returns {(result: Result) => boolean} */
const failsWith = (name) => (result) => !result.success && result.error?.name === name

/** @type {Guest[]} */
const ORDINARY = [
  { name: 'plain', code: 'return 1 + 1', isRight: gives(2) },
  {
    name: 'sequential calls',
    code: `let sum = 0
      for (let i = 0; i < 8; i++) sum += (await double({ value: i })).value
      return sum`,
    isRight: gives(56),
  },
  {
    name: 'parallel calls',
    code: `const all = await Promise.all(
        Array.from({ length: 16 }, (_, value) => double({ value })))
      return all.reduce((sum, { value }) => sum + value, 0)`,
    isRight: gives(240),
  },
  {
    name: 'tool error',
    code: "try { await fail({}) } catch (error) { return error.message } return 'no error'",
    isRight: gives('no luck'),
  },
  { name: 'thrown', code: "throw new RangeError('on purpose')", isRight: failsWith('RangeError') },
  { name: 'syntax error', code: 'return (', isRight: failsWith('SyntaxError') },
  {
    name: 'spoilt globals',
    code: `Array.prototype.push = null
      globalThis.left = Symbol.for('left')
      Object.freeze(Object.prototype)
      return typeof left`,
    isRight: gives('symbol'),
  },
  {
    name: 'nothing left',
    code: 'return [typeof left, typeof [].push, Object.isFrozen(Object.prototype)].join()',
    isRight: gives('undefined,function,false'),
  },
  {
    name: 'a megabyte of rows',
    code: `const rows = Array.from({ length: 5000 }, (_, id) => ({ id, text: 'row ' + id }))
      console.log(rows.length)
      return (await echo({ rows })).rows.length`,
    isRight: gives(5000),
  },
]

/** @type {Guest[]} */
const COSTLY = [
  {
    name: 'timeout',
    code: 'while (true) {}',
    timeout: 20,
    isRight: failsWith('TimeoutError'),
  },
  {
    name: 'timeout in a native loop',
    code: 'return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)',
    timeout: 20,
    isRight: failsWith('TimeoutError'),
  },
  {
    name: 'timeout while a tool is open',
    code: 'await never({})',
    timeout: 20,
    isRight: failsWith('TimeoutError'),
  },
  {
    name: 'memory limit',
    code: 'const hoard = []; while (true) hoard.push(new Array(1000).fill(0))',
    memoryLimit: 8,
    isRight: failsWith('MemoryLimitError'),
  },
  {
    name: 'stack limit',
    code: 'const deeper = () => deeper() + 1; return deeper()',
    isRight: failsWith('StackOverflowError'),
  },
]

/** One context in so many gets a costly program. */
const COSTLY_EVERY = 250

/** @param {number} number of the context @returns {Guest} */
export function guestOf(number) {
  const round = Math.floor(number / COSTLY_EVERY)
  const list = number % COSTLY_EVERY === COSTLY_EVERY - 1 ? COSTLY : ORDINARY
  const index = list === COSTLY ? round : number
  return /** @type {Guest} */ (list[index % list.length])
}

/** @param {string} name @param {(input: any) => Promise<unknown>} execute */
const binding = (name, execute) => ({ name, description: name, inputSchema: {}, execute })

/** The tools of every context. */
export const bindings = {
  double: binding('double', async ({ value }) => ({ value: 2 * value })),
  echo: binding('echo', async (input) => input),
  fail: binding('fail', async () => {
    throw new Error('no luck')
  }),
  never: binding('never', () => new Promise(() => {})),
}
