/**
 * Turns of the event loop, and what all guests of this thread get of one: one
 * budget, however many contexts and pools there are. Guests that speak without
 * end, or whose tools answer at once, would run on from one promise job to the
 * next, and timers and sockets would wait.
 *
 * A turn lasts from one immediate of ours to the next. It is noted what was
 * done in it: by the addon's clock, which each native call brings along, in
 * events, in text and in values. Whoever comes when the budget is used up
 * waits in one queue, and is served in the order of coming.
 *
 * While somebody waits, nobody goes on for longer than a slice of the turn. It
 * is no shorter, because a worker that is spoken to while it is awake is cheaper
 * by far than one that sleeps. And who is served is so by an immediate of its
 * own: all promise jobs that follow from it, such as the tools that were called
 * and the program that comes next, run before another one is served.
 *
 * The queue is bounded: a channel, and a pool, is in it once at most.
 */
import { setImmediate } from 'node:timers'

/** Microseconds of a turn. */
const HELD_MAX = 1000
/** Events of a turn, and UTF-16 units of their texts; a batch more may have come before it is over. */
const EVENTS_MAX = 1024
const UNITS_MAX = 1024 * 1024
/** JSON values of a turn, likewise: so no more than 10,000 are parsed in it. */
const VALUES_MAX = 1250
/** Microseconds after which the next one in the queue has its slice. */
const SLICE = 500
/** Most that are served in a turn. */
const LANES = 16

/** Who takes part: a channel, or a pool. */
export interface Client {
  /** Do one step: it is this one's turn. */
  serve(): void
}

/** Who has something to do when a turn ends. */
export interface TurnEnd {
  endTurn(): void
}

let isFresh = true
let isScheduled = false
let began = 0
let now = 0
let events = 0
let units = 0
let values = 0

let ends: TurnEnd[] = []

let queue: Client[] = []
let head = 0
let lanes = 0
let isSliceFresh = true
let sliceBegan = 0

/** The event loop has had its turn. */
function turn(): void {
  isScheduled = false
  isFresh = true
  isSliceFresh = true
  events = 0
  units = 0
  values = 0
  endTurns()
  scheduleQueue()
}

/** What they do must not throw. */
function endTurns(): void {
  const all = ends
  ends = []
  for (const one of all) {
    one.endTurn()
  }
}

/** Have `endTurn` called once, when all that this turn brings has been done. */
export function beforeTurnEnds(one: TurnEnd): void {
  ends.push(one)
  schedule()
}

function schedule(): void {
  if (!isScheduled) {
    isScheduled = true
    setImmediate(turn)
  }
}

/** Immediates for those in the queue, after the one that begins the next turn. */
function scheduleQueue(): void {
  while (lanes < LANES && lanes < queue.length - head) {
    schedule()
    lanes++
    setImmediate(serveFirst)
  }
}

function serveFirst(): void {
  lanes--
  try {
    if (isAwaited() && !isOver()) {
      const client = takeFirst()
      isSliceFresh = true
      client.serve()
    }
  } finally {
    scheduleQueue()
  }
}

function takeFirst(): Client {
  const client = queue[head++] as Client
  if (head === queue.length) {
    queue = []
    head = 0
  }
  return client
}

/**
 * Something was done for a guest.
 *
 * @param from  when that began, by the addon's clock: microseconds modulo 2^32
 * @param to    when it ended
 * @param count events that came
 * @param length of their texts
 * @param parsed values in their JSON
 */
export function noteWork(
  from: number,
  to: number,
  count: number,
  length: number,
  parsed: number,
): void {
  if (isFresh) {
    isFresh = false
    began = from
    // Only so is it known when the next turn begins.
    schedule()
  }
  if (isSliceFresh) {
    isSliceFresh = false
    sliceBegan = from
  }
  now = to
  events += count
  units += length
  values += parsed
}

/** A guest was answered: an event as well, which is not worth a look at the clock. */
export function noteAnswer(): void {
  events++
}

function isOver(): boolean {
  const isLong = !isFresh && (now - began) >>> 0 > HELD_MAX
  return isLong || events >= EVENTS_MAX || units >= UNITS_MAX || values >= VALUES_MAX
}

function isAwaited(): boolean {
  return head < queue.length
}

/** Whether something may be done for a guest now; otherwise it has to wait for its turn. */
export function mayGoOn(): boolean {
  const isSliceOver = !isSliceFresh && (now - sliceBegan) >>> 0 > SLICE
  return !isOver() && !(isSliceOver && isAwaited())
}

/** Have a client served: after the promise jobs that there are, if it may go on, and otherwise after
 *  all who wait. It must not wait already. */
export function awaitTurn(client: Client): void {
  if (mayGoOn()) {
    queueMicrotask(() => (mayGoOn() ? client.serve() : enqueue(client)))
  } else {
    enqueue(client)
  }
}

function enqueue(client: Client): void {
  queue.push(client)
  scheduleQueue()
}
