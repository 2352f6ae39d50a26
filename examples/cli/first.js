const words = 'the quick brown fox jumps over the lazy dog'.split(' ')
const byLength = Object.groupBy(words, (word) => word.length)
console.log('lengths:', Object.keys(byLength))
return byLength[5]
