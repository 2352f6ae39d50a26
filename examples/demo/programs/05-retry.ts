// title: Catch a tool's error and try again: a service that refuses the greedy
// expect: success
const capitals = { PT: 'Lisbon', CH: 'Bern', AT: 'Vienna', NO: 'Oslo',
  GR: 'Athens', IE: 'Dublin', PL: 'Warsaw', FI: 'Helsinki', CZ: 'Prague',
  LV: 'Riga', ES: 'Madrid', BG: 'Sofia' } as const
const [from] = await external_searchPlaces({ name: 'Paris', country: 'FR' })
let refused = 0

async function persistently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error: unknown) {
      const { message } = error as Error
      if (tries === 100 || !message.startsWith('Too many')) throw error
      if (refused++ === 0) console.error(message)
      await external_pause({ milliseconds: 10 })
    }
  }
}

const measure = async ([country, name]: string[]) => {
  const [to] = await external_searchPlaces({ name, country })
  const answer = await persistently(
    () => external_measureDistance({ from, to }),
  )
  return { name, kilometres: Math.round(answer.kilometres) }
}
const distances = await Promise.all(Object.entries(capitals).map(measure))
distances.sort((a, b) => a.kilometres - b.kilometres)

const missing = await external_getCountry({ code: 'ZZ' }).catch(String)
return { nearest: distances.slice(0, 3), refused: refused > 0, missing }
