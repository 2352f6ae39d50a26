// title: A program that keeps all it can get meets the memory limit
// expect: MemoryLimitError
// memory: 32
const hoard: unknown[] = []
for (let round = 0; ; round++) {
  const query = { country: 'FR', offset: (round % 5) * 1000, limit: 1000 }
  const page = await external_listPlaces(query)
  hoard.push(page.map((place) => ({
    ...place,
    label: `${place.name} (${round})`.repeat(10),
  })))
  console.log(`kept ${hoard.length * 1000} rows`)
}
