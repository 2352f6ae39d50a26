// title: Ask for 53 capitals at once: which two are nearest, which farthest?
// expect: success
type Capital = { name: string; latitude: number; longitude: number }

const countries = await external_findCountries({ region: 'Europe' })
const answers = await Promise.all(
  countries.map(async ({ code, name, capital }): Promise<Capital | null> => {
    const query = { name: capital!, country: code, limit: 1 }
    const [place] = await external_searchPlaces(query)
    if (!place) console.warn(`${name}: no place is called ${capital}`)
    return place ?? null
  }),
)
const capitals = answers.filter((a): a is Capital => a !== null)

const rad = (degrees: number) => (degrees * Math.PI) / 180
const hav = (degrees: number) => Math.sin(rad(degrees) / 2) ** 2
function kilometres(a: Capital, b: Capital): number {
  const h = hav(b.latitude - a.latitude)
    + Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude))
    * hav(b.longitude - a.longitude)
  return Math.round(2 * 6371 * Math.asin(Math.sqrt(h)) * 10) / 10
}

const pairs = capitals.flatMap((a, i) => capitals.slice(i + 1).map((b) => (
  { from: a.name, to: b.name, kilometres: kilometres(a, b) }
)))
pairs.sort((a, b) => a.kilometres - b.kilometres)
return { compared: pairs.length, nearest: pairs[0], farthest: pairs.at(-1) }
