// attack: a large map is filled from a list and cleared, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const entries = Array.from({ length: 1e5 }, (_, i) => [i, i])
console.log('begin')
for (;;) new Map(entries).clear()
