/**
 * Whether a program did what it should: how it ended, and whether what it
 * found is what the database says when asked directly. Each check returns what
 * is wrong, and nothing when all is well.
 */

import { isDeepStrictEqual } from 'node:util'
import type { Database } from './database/adapter.ts'
import type { Point } from './geometry.ts'
import { distanceKm } from './geometry.ts'
import type { Run } from './run.ts'

type Check = (result: unknown, database: Database, run: Run) => string[]

/** Everything that is wrong with a run. */
export function faultsOf(run: Run, database: Database): string[] {
  const { program, outcome } = run
  const ending = outcome.success ? 'success' : (outcome.error?.name ?? 'an error without a name')
  if (ending !== program.expect) {
    const message = outcome.error?.message ?? ''
    return [`expected ${program.expect}, it ended with ${ending} ${message}`.trimEnd()]
  }
  const check = CHECKS[program.name]
  return check === undefined
    ? ['checks.ts has no check for this program']
    : check(outcome.result, database, run)
}

const CHECKS: Record<string, Check> = {
  '01-join': (result, database) =>
    differ(
      result,
      database.all(`
        SELECT name AS country, count AS places, round(count / area * 1000, 2) AS per1000Km2
        FROM (SELECT country.*, (SELECT count(*) FROM place WHERE place.country = code) AS count
              FROM country WHERE region = 'Oceania')
        ORDER BY per1000Km2 DESC LIMIT 6`),
    ),

  '02-fan-out': (result, database, run) => {
    const capitals = database.all<Point & { name: string }>(`
      SELECT place.name, place.latitude, place.longitude FROM country JOIN place ON place.id =
        (SELECT min(id) FROM place WHERE place.name = capital AND place.country = code)
      WHERE region = 'Europe' ORDER BY code`)
    const pairs = capitals.flatMap((from, index) =>
      capitals.slice(index + 1).map((to) => ({
        from: from.name,
        to: to.name,
        kilometres: Math.round(distanceKm(from, to) * 10) / 10,
      })),
    )
    pairs.sort((a, b) => a.kilometres - b.kilometres)
    const [nearest, farthest] = [pairs[0], pairs.at(-1)]
    return [
      ...differ(result, { compared: pairs.length, nearest, farthest }),
      ...expectCalls(run, 'external_searchPlaces', 53),
    ]
  },

  '03-aggregate': (result, database) =>
    differ(
      result,
      database.all(`
        SELECT name, count(DISTINCT province) AS states FROM place WHERE country = 'US'
        GROUP BY name ORDER BY states DESC, name LIMIT 8`),
    ),

  '04-border-route': (result, database) => {
    const { borders, route } = result as { borders: number; route: string[] }
    const sql = `SELECT 1 FROM border JOIN country a ON a.code = country
      JOIN country b ON b.code = neighbour WHERE a.name = ? AND b.name = ?`
    const steps = route.slice(1).map((name, index) => [route[index], name] as const)
    const missing = steps.filter(([from, to]) => database.get(sql, from, to) === undefined)
    return [
      ...differ({ borders, ends: [route[0], route.at(-1)] }, shortestRoute(database, 'PT', 'VN')),
      ...missing.map(([from, to]) => `the database has no border of ${from} with ${to}`),
    ]
  },

  '05-retry': (result, database, run) => {
    const cities = database.all<Point & { name: string }>(`
      SELECT name, latitude, longitude FROM place WHERE id IN
        (SELECT min(id) FROM place WHERE country || name IN
          ('FRParis', 'PTLisbon', 'CHBern', 'ATVienna', 'NOOslo', 'GRAthens', 'IEDublin',
           'PLWarsaw', 'FIHelsinki', 'CZPrague', 'LVRiga', 'ESMadrid', 'BGSofia')
         GROUP BY country, name)`)
    const paris = cities.find(({ name }) => name === 'Paris')
    if (paris === undefined) return ['the database has no Paris']
    const nearest = cities
      .filter((city) => city !== paris)
      .map((city) => ({ name: city.name, kilometres: Math.round(distanceKm(paris, city)) }))
      .sort((a, b) => a.kilometres - b.kilometres)
      .slice(0, 3)
    const missing = 'Error: No country has the code "ZZ"'
    const failed = run.calls.filter((call) => call.failed).length
    return [
      ...differ(result, { nearest, refused: true, missing }),
      ...(failed > 1 ? [] : ['no call was refused']),
    ]
  },

  '06-report': (result, database) => {
    const rows = database.all<{ region: string; count: number; km2: number; inland: number }>(`
      SELECT region, count(*) AS count, cast(round(sum(max(area, 0))) AS INTEGER) AS km2,
        sum(landlocked) AS inland FROM country GROUP BY region ORDER BY count DESC`)
    const cells = String(result)
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ {2,}/).slice(0, 4))
    const expected = rows.map(({ region, count, km2, inland }) => [
      ...[region, String(count), km2.toLocaleString('en-US'), String(inland)],
    ])
    return differ(cells.sort(), expected.sort())
  },

  '07-runaway': (_result, _database, run) => expectBeat(run),
  '08-regular-expression': (_result, _database, run) => expectBeat(run),

  '09-memory': (_result, _database, run) =>
    run.outcome.error?.message.includes('memory limit')
      ? []
      : [`the message should speak of the memory limit: ${run.outcome.error?.message}`],

  '10-clean-slate': (result) =>
    differ(result, { doubled: [2, 4, 6], leftBehind: 'undefined', open: [], imported: false }),
}

function differ(found: unknown, expected: unknown): string[] {
  // Rows of some SQLite bindings have no prototype; as JSON they are plain objects.
  const plain: unknown = JSON.parse(JSON.stringify(expected))
  if (isDeepStrictEqual(found, plain)) return []
  return [`expected ${JSON.stringify(plain)}`, `but found ${JSON.stringify(found)}`]
}

function expectCalls(run: Run, tool: string, count: number): string[] {
  const made = run.calls.filter((call) => call.tool === tool).length
  return made === count ? [] : [`expected ${count} calls of ${tool}, it made ${made}`]
}

/** A host that is held up sees one tick or none in all the time that the program has. */
function expectBeat(run: Run): string[] {
  return run.beat.ticks > 2 ? [] : [`the host's timer ticked only ${run.beat.ticks} times`]
}

function shortestRoute(database: Database, start: string, goal: string) {
  const nameOf = (code: string): string | undefined =>
    database.get<{ name: string }>('SELECT name FROM country WHERE code = ?', code)?.name
  let reached = new Set([start])
  let borders = 0
  for (; !reached.has(goal); borders += 1) {
    const further = [...reached].flatMap((code) =>
      database
        .all<{ neighbour: string }>('SELECT neighbour FROM border WHERE country = ?', code)
        .map(({ neighbour }) => neighbour),
    )
    if (further.every((code) => reached.has(code))) break
    reached = new Set([...reached, ...further])
  }
  return { borders, ends: [nameOf(start), nameOf(goal)] }
}
