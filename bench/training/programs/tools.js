// One call after the other, some at once, and one that fails.
let total = 0
for (let i = 0; i < 60; i++) {
  const answer = await echo({ n: i, label: `step ${i}` })
  total += answer.n
}
const many = await Promise.all(Array.from({ length: 60 }, (_, n) => echo({ n })))
const sum = many.map(({ n }) => n).reduce((a, b) => a + b, 0)
let caught = ''
try {
  await echo(10n)
} catch (error) {
  caught = error.name
}
console.log('sums', total, sum, caught)
return total === 1770 && sum === 1770 && caught === 'TypeError'
