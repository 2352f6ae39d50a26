// attack: a shorter length for an array of scattered elements
// polls: rarely
// expect: failed timeout TimeoutError
const list = []
for (let i = 0; i < 1e5; i++) list[i * 5000 + 7] = i
console.log('begin')
for (;;) { list.length = 4e9; list.length = 3e9 }
