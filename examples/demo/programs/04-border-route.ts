// title: Calls that depend on calls: how few borders from Portugal to Vietnam?
// expect: success
const start = 'PT', goal = 'VN'
const cameFrom = new Map<string, string | null>([[start, null]])
const names: Record<string, string> = {}

let frontier: string[] = [start]
while (frontier.length > 0 && !cameFrom.has(goal)) {
  const next: string[] = []
  for (const code of frontier) {
    const country = await external_getCountry({ code })
    names[code] = country.name
    for (const neighbour of country.neighbours) {
      if (cameFrom.has(neighbour)) continue
      cameFrom.set(neighbour, code)
      next.push(neighbour)
    }
  }
  console.log(`${cameFrom.size} countries reached, ${next.length} of them new`)
  frontier = next
}

names[goal] = (await external_getCountry({ code: goal })).name
const route: string[] = []
for (let at: string | null = goal; at; at = cameFrom.get(at) ?? null) {
  route.unshift(names[at]!)
}
return { borders: route.length - 1, route }
