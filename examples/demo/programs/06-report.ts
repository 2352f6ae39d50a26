// title: Write a report: strings, regular expressions, an enum, sorting
// expect: success
enum Column { Region, Countries, Area, Landlocked, Longest }

const regions = new Map<string, any[]>()
for (const country of await external_findCountries({})) {
  const others = regions.get(country.region) ?? []
  regions.set(country.region, [...others, country])
}

const thousands = (n: number): string =>
  Math.round(n).toString().replace(/\B(?=(\d{3})+$)/g, ',')

const lines = [...regions].map(([region, members]): string[] => {
  const area = members.reduce((sum, { area }) => sum + Math.max(area, 0), 0)
  const landlocked = members.filter((member) => member.landlocked).length
  const [longest] = members.map(({ name }): string => name)
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  return [region, String(members.length), thousands(area),
    String(landlocked), longest!]
})
lines.sort((a, b) => +b[Column.Countries]! - +a[Column.Countries]!)

const head = ['region', 'count', 'km2', 'landlocked', 'longest name']
const table = [head, ...lines]
const width = head.map((_, column) =>
  Math.max(...table.map((line) => line[column]!.length)))
return table.map((line) => line.map((cell, column) => {
  const isText = column === Column.Region || column === Column.Longest
  return isText ? cell.padEnd(width[column]!) : cell.padStart(width[column]!)
}).join('  ').trimEnd()).join('\n')
