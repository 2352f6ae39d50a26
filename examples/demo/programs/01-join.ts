// title: Join two tools: where in Oceania do places lie closest together?
// expect: success
interface Row {
  country: string
  places: number
  per1000Km2: number
}

const [countries, counts] = await Promise.all([
  external_findCountries({ region: 'Oceania' }),
  external_countPlaces({}),
])
const placesOf = new Map<string, number>(
  counts.map(({ country, places }) => [country, places]),
)

const rows: Row[] = countries.map(({ code, name, area }) => {
  const places = placesOf.get(code) ?? 0
  const per1000Km2 = Math.round((places / area) * 100_000) / 100
  return { country: name, places, per1000Km2 }
})
console.log(`${countries.length} countries, ${counts.length} counts`)
return rows.sort((a, b) => b.per1000Km2 - a.per1000Km2).slice(0, 6)
