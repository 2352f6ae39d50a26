// The addon's own functions: a number that is none of theirs is refused, never cut to one that is.
// @ts-check
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, describe, test } from 'node:test'

/** The addon lies beside the compiled package.
 *
 * @type {any}
 */
const native = createRequire(import.meta.resolve('@hutch/isolate'))('./hutch.node')

const NONE = 2 ** 32 - 1
const OUT_OF_RANGE = [
  2 ** 32,
  2 ** 32 + 1,
  2 ** 53,
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  5e-324,
]
const NO_NUMBERS = ['1', 1n, null, undefined, true, {}, Symbol('n')]

/** Which options there are, and what they are where nobody asks. */
const { CONTEXT_OPTIONS, CONTEXT_STANDARDS, POOL_OPTIONS, POOL_STANDARDS } = await import(
  new URL('./base/tables.js', import.meta.resolve('@hutch/isolate')).href
)

const settings = () => Float64Array.from(CONTEXT_STANDARDS)
const poolSettings = () => Float64Array.from(POOL_STANDARDS)

const pool = native.poolCreate(() => {}, '', poolSettings())
after(() => native.poolClose(pool))

const context = native.contextOpen(pool, settings(), '', 0, '')

/** Functions with an argument that is a number: the arguments, and which of them.
 *
 * @type {[string, unknown[], number[]][]}
 */
const FUNCTIONS = [
  ['poolWarm', [pool], [0]],
  ['poolPoll', [pool], [0]],
  ['poolHold', [pool, 0], [0, 1]],
  ['poolStats', [pool], [0]],
  ['poolClose', [pool], [0]],
  ['contextOpen', [pool, settings(), '', 0, ''], [0, 3]],
  ['contextStart', [context, 'return 1', 1], [0, 2]],
  ['contextPump', [context], [0]],
  ['contextListen', [context], [0]],
  ['contextReply', [context, 1, '1'], [0, 1]],
  ['contextReplyAndPump', [context, 1, '1'], [0, 1]],
  ['contextReject', [context, 1, 'n', 'm', 'c'], [0, 1]],
  ['contextStop', [context], [0]],
  ['contextClose', [context], [0]],
  ['contextPid', [context], [0]],
  ['excerpt', ['a', 1, 1], [1, 2]],
]

describe('numbers of native functions', () => {
  for (const [name, given, places] of FUNCTIONS) {
    test(name, () => {
      assert.notEqual(context, NONE)
      for (const place of places) {
        for (const bad of OUT_OF_RANGE) {
          const call = () => native[name](...given.map((value, i) => (i === place ? bad : value)))
          assert.throws(call, {
            name: 'RangeError',
            message: /wants a whole number from 0 to \d+ here/,
          })
        }
        for (const bad of NO_NUMBERS) {
          assert.throws(
            () => native[name](...given.map((value, i) => (i === place ? bad : value))),
            { name: 'TypeError' },
          )
        }
      }
    })
  }

  /** Each place of an array of settings with each of these.
   *
   * @param {() => Float64Array} make
   * @param {(array: Float64Array) => unknown} use
   */
  function refusesBadSettings(make, use) {
    for (const array of [
      new Float64Array(make().length + 1),
      new Float64Array(0),
      [...make()],
      {},
    ]) {
      assert.throws(() => use(/** @type {any} */ (array)), { name: 'TypeError' })
    }
    for (let i = 0; i < make().length; i++) {
      for (const bad of [0.5, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 53 + 2, -(2 ** 53) - 2]) {
        const array = make()
        array[i] = bad
        assert.throws(() => use(array), { name: 'TypeError' }, `${i}: ${bad}`)
      }
    }
  }

  test('settings of a context that no option can be are refused', () => {
    refusesBadSettings(settings, (array) => native.contextOpen(pool, array, '', 0, ''))
  })

  test('settings of a pool that no option can be are refused', () => {
    refusesBadSettings(poolSettings, (array) => native.poolCreate(() => {}, '', array))
  })

  test('each option is checked against its range by the library, too', () => {
    for (const [
      rows,
      make,
      open,
    ] of /** @type {[any[], () => Float64Array, (a: Float64Array) => number][]} */ ([
      [CONTEXT_OPTIONS, settings, (array) => native.contextOpen(pool, array, '', 0, '')],
      [POOL_OPTIONS, poolSettings, (array) => native.poolCreate(() => {}, '', array)],
    ])) {
      for (const { option, place, given, minimum, maximum } of rows) {
        for (const bad of [minimum - 1, maximum + 1]) {
          if (!Number.isSafeInteger(bad) || (bad < 0 && minimum === 0)) continue
          // Below the least one stands for: nobody asked.
          if (option === 'memoryLimit' && bad === 0) continue
          const array = make()
          array[place] = bad
          if (given >= 0) array[given] = 1
          // What the type of the option cannot hold is no setting at all.
          const refused = () => {
            if (open(array) === NONE) throw new TypeError(native.lastError())
          }
          assert.throws(refused, {
            name: 'TypeError',
            message: / is .*, expected .*|wants an array of settings/,
          })
        }
      }
    }
  })
})
