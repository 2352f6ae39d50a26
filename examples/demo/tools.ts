/**
 * The tools that the programs may call: TanStack AI server tools over the
 * database. Code Mode offers each to a program as `external_<name>`.
 */

import { toolDefinition } from '@tanstack/ai'
import { z } from 'zod'
import type { Database, Value } from './database/adapter.ts'
import { distanceKm } from './geometry.ts'

const country = z.object({
  code: z.string().describe('ISO 3166-1 alpha-2'),
  name: z.string(),
  capital: z.string().nullable(),
  region: z.string(),
  subregion: z.string(),
  area: z.number().describe('square kilometres'),
  landlocked: z.boolean(),
  latitude: z.number(),
  longitude: z.number(),
  languages: z.array(z.string()),
  neighbours: z.array(z.string()).describe('codes of the countries with a common land border'),
})

const place = z.object({
  id: z.number(),
  name: z.string(),
  country: z.string(),
  province: z.string().nullable(),
  latitude: z.number(),
  longitude: z.number(),
})

const point = z.object({ latitude: z.number(), longitude: z.number() })

type Country = z.infer<typeof country>
type Place = z.infer<typeof place>
type CountryRow = Omit<Country, 'landlocked' | 'languages' | 'neighbours'> & { landlocked: number }

const COUNTRY_COLUMNS =
  'code, name, capital, region, subregion, area, landlocked, latitude, longitude'
const PLACE_QUERY = `
  SELECT place.id, place.name, country, province.name AS province, latitude, longitude
  FROM place LEFT JOIN province ON province.code = place.province`

/** The remote service answers so many at a time, and takes so long for each. */
export const SERVICE_SLOTS = 4
const SERVICE_MILLISECONDS = 12

/** All the tools, over one database. */
export function createTools(database: Database) {
  return [...countryTools(database), ...placeTools(database), distanceTool(), pauseTool()]
}

function countryTools(database: Database) {
  const complete = (row: CountryRow): Country => ({
    ...row,
    landlocked: row.landlocked === 1,
    languages: database
      .all<{ name: string }>('SELECT name FROM language WHERE country = ?', row.code)
      .map(({ name }) => name),
    neighbours: database
      .all<{ neighbour: string }>('SELECT neighbour FROM border WHERE country = ?', row.code)
      .map(({ neighbour }) => neighbour),
  })

  const findCountries = toolDefinition({
    name: 'findCountries',
    description: 'Countries of the world; without a filter, all of them',
    inputSchema: z.object({
      region: z.string().optional().describe('Africa, Americas, Antarctic, Asia, Europe, Oceania'),
      landlocked: z.boolean().optional(),
    }),
    outputSchema: z.array(country),
  }).server(async ({ region, landlocked }) => {
    const conditions: string[] = ['TRUE']
    const values: Value[] = []
    if (region !== undefined) {
      conditions.push('region = ?')
      values.push(region)
    }
    if (landlocked !== undefined) {
      conditions.push('landlocked = ?')
      values.push(landlocked ? 1 : 0)
    }
    const sql = `SELECT ${COUNTRY_COLUMNS} FROM country WHERE ${conditions.join(' AND ')}`
    return database.all<CountryRow>(sql, ...values).map(complete)
  })

  const getCountry = toolDefinition({
    name: 'getCountry',
    description: 'One country by its code; fails when there is none',
    inputSchema: z.object({ code: z.string() }),
    outputSchema: country,
  }).server(async ({ code }) => {
    const sql = `SELECT ${COUNTRY_COLUMNS} FROM country WHERE code = ?`
    const row = database.get<CountryRow>(sql, code)
    if (row === undefined) throw new Error(`No country has the code "${code}"`)
    return complete(row)
  })

  return [findCountries, getCountry]
}

function placeTools(database: Database) {
  const searchPlaces = toolDefinition({
    name: 'searchPlaces',
    description: 'Places of exactly this name',
    inputSchema: z.object({
      name: z.string(),
      country: z.string().optional(),
      limit: z.number().int().min(1).max(1000).default(10),
    }),
    outputSchema: z.array(place),
  }).server(async ({ name, country: code, limit }) => {
    const sql = `${PLACE_QUERY}
      WHERE place.name = ? AND (? IS NULL OR country = ?) ORDER BY id LIMIT ?`
    return database.all<Place>(sql, name, code ?? null, code ?? null, limit ?? 10)
  })

  const listPlaces = toolDefinition({
    name: 'listPlaces',
    description: 'One page of the places of a country, in a fixed order',
    inputSchema: z.object({
      country: z.string(),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(5000).default(1000),
    }),
    outputSchema: z.array(place),
  }).server(async ({ country: code, offset, limit }) => {
    const sql = `${PLACE_QUERY} WHERE country = ? ORDER BY id LIMIT ? OFFSET ?`
    return database.all<Place>(sql, code, limit ?? 1000, offset ?? 0)
  })

  const countPlaces = toolDefinition({
    name: 'countPlaces',
    description: 'How many places each country has',
    inputSchema: z.object({}),
    outputSchema: z.array(z.object({ country: z.string(), places: z.number() })),
  }).server(async () =>
    database.all<{ country: string; places: number }>(
      'SELECT country, count(*) AS places FROM place GROUP BY country',
    ),
  )

  return [searchPlaces, listPlaces, countPlaces]
}

/** Stands for a remote service: it takes its time, and refuses who asks for too much at once. */
function distanceTool() {
  let open = 0
  return toolDefinition({
    name: 'measureDistance',
    description:
      'Great-circle distance in kilometres; a remote service which refuses a caller ' +
      `with more than ${SERVICE_SLOTS} requests open`,
    inputSchema: z.object({ from: point, to: point }),
    outputSchema: z.object({ kilometres: z.number() }),
  }).server(async ({ from, to }) => {
    if (open === SERVICE_SLOTS) throw new Error('Too many requests, try again in 10 ms')
    open += 1
    try {
      await sleep(SERVICE_MILLISECONDS)
      return { kilometres: distanceKm(from, to) }
    } finally {
      open -= 1
    }
  })
}

function pauseTool() {
  return toolDefinition({
    name: 'pause',
    description: 'Waits so many milliseconds, at most 1000',
    inputSchema: z.object({ milliseconds: z.number().min(0).max(1000) }),
    outputSchema: z.object({}),
  }).server(async ({ milliseconds }) => {
    await sleep(milliseconds)
    return {}
  })
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
