// attack: localeCompare normalizes both sides
// polls: no
// expect: failed timeout TimeoutError
const marks = '\u0315'.repeat(2e5) + '\u0300'.repeat(2e5)
console.log('begin')
return marks.localeCompare('a')
