// An addon of another version: whatever number it says that the package does not know ends the run, and is
// never taken for one that it knows.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

/** A module of the package's inside.
 *
 * @param {string} name
 * @returns {Promise<any>}
 */
const inside = (name) => import(new URL(name, import.meta.resolve('@hutch/isolate')).href)
const { Channel } = await inside('./addon/channel.js')
const { Mailbox } = await inside('./run/mailbox.js')
const { GivenCalls } = await inside('./run/calls.js')
const { EventType, FAILURES, Header, IN_PIECES, Piece, PieceStep } =
  await inside('./base/tables.js')

const UNKNOWN = [6, 99, 2 ** 31, 2 ** 32 - 1]

/** What the first event of a run is, when the addon's first batch is this.
 *
 * @param {number[]} records
 * @param {number} events
 * @param {string} text
 * @param {(header: Uint32Array) => string} [piece]
 */
async function firstEvent(records, events, text, piece) {
  const header = new Uint32Array(64)
  let closed = 0
  const native = {
    header,
    failures: ['guest_error'],
    statuses: ['ok'],
    contextOpen: () => 1,
    contextStart: () => {
      header[Header.events] = events
      header.set(records, Header.batch)
      return text
    },
    contextPump: () => {
      header[Header.events] = 0
      return ''
    },
    contextListen: () => '',
    contextPiece: () => piece?.(header),
    contextStop: () => {},
    contextClose: () => closed++,
    excerpt: () => '',
    lastError: () => '',
  }
  const hub = { native, number: 1, add() {}, remove() {}, hold() {}, release() {} }
  const channel = new Channel(hub, new Float64Array(0), ['add'])
  const mailbox = new Mailbox(channel, ['add'], new GivenCalls(), false)
  channel.start('return 1', 1000, mailbox)
  const event = await mailbox.take()
  return { event, closed }
}

/** @param {{ event: any, closed: number }} seen @param {RegExp} why */
function assertRefused({ event, closed }, why) {
  assert.equal(event.type, 'failed')
  assert.equal(event.failure, 'host')
  assert.equal(event.usable, false)
  assert.match(event.message, why)
  assert.equal(closed, 1)
}

describe('a number that the package does not know', () => {
  test('the batches here are understood where they are known', async () => {
    const { event, closed } = await firstEvent([EventType.done, 1], 1, '7')
    assert.deepEqual(event, { type: 'done', value: 7 })
    assert.equal(closed, 0)
  })

  test('an event', async () => {
    for (const type of [0, ...UNKNOWN]) {
      assertRefused(await firstEvent([type, 1, 0, 0, 0], 1, '7'), /an event of an unknown kind/)
    }
  })

  test('a failure', async () => {
    for (const failure of [FAILURES.length, ...UNKNOWN.slice(1)]) {
      const records = [EventType.failed, failure, 1, 0, 0, 1, 0, 0, 0]
      assertRefused(await firstEvent(records, 1, 'x'), /a failure of an unknown kind/)
    }
  })

  test('a level', async () => {
    for (const level of UNKNOWN) {
      assertRefused(await firstEvent([EventType.log, level, 1], 1, 'x'), /an unknown level/)
    }
  })

  test('a tool', async () => {
    for (const tool of UNKNOWN) {
      const records = [EventType.toolCall, 1, tool, 2]
      assertRefused(await firstEvent(records, 1, '{}'), /a tool that does not exist/)
    }
  })

  test('a step of JSON in pieces', async () => {
    for (const kind of [4, ...UNKNOWN]) {
      const piece = (/** @type {Uint32Array} */ header) => {
        header[Piece.records] = 1
        header[Piece.isLast] = 1
        header.set([kind, 0, 1], Piece.firstRecord)
        return '1'
      }
      const seen = firstEvent([EventType.done, IN_PIECES], 1, '', piece)
      assertRefused(await seen, /a step of JSON of an unknown kind/)
    }
    assert.equal(PieceStep.close, 3)
  })
})
