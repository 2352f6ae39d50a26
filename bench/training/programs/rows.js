// A long list, filtered, grouped, sorted, and sent back as JSON.
const items = await rows({ limit: 2000 })
const sold = items.filter((item) => item.sold && item.price > 5)
const byTag = new Map()
for (const { tags, price, id } of sold) {
  for (const tag of tags) {
    const group = byTag.get(tag) ?? { tag, count: 0, total: 0, ids: [] }
    group.count++
    group.total += price
    group.ids.push(id)
    byTag.set(tag, group)
  }
}
const summary = [...byTag.values()]
  .map((group) => ({ ...group, mean: Math.round((group.total / group.count) * 100) / 100 }))
  .sort((a, b) => b.total - a.total || a.tag.localeCompare(b.tag))
const copy = JSON.parse(JSON.stringify({ summary, items }))
const text = JSON.stringify(summary, null, 2)
console.log(`${summary.length} groups, ${text.length} characters`)
return copy.items.length === 2000 && summary.length === 6
