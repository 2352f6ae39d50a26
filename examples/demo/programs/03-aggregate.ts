// title: Aggregate 17,000 rows: which names do Americans give to their towns?
// expect: success
class Histogram<K> {
  private readonly counts = new Map<K, Set<string>>()
  add(key: K, province: string): void {
    const provinces = this.counts.get(key) ?? new Set<string>()
    this.counts.set(key, provinces.add(province))
  }
  top(n: number): Array<{ name: K; states: number }> {
    return [...this.counts]
      .map(([name, provinces]) => ({ name, states: provinces.size }))
      .sort((a, b) => b.states - a.states || (a.name < b.name ? -1 : 1))
      .slice(0, n)
  }
}

const names = new Histogram<string>()
let rows = 0
for (let offset = 0; ; offset += 2000) {
  const page = await external_listPlaces({ country: 'US', offset, limit: 2000 })
  for (const { name, province } of page) names.add(name, province ?? '?')
  rows += page.length
  if (page.length < 2000) break
}
console.info(`read ${rows} rows`)
return names.top(8)
