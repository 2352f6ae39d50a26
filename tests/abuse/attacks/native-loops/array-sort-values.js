// attack: sort without a comparator of strings that begin alike, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const prefix = 'x'.repeat(2 ** 14)
const list = Array.from({ length: 3000 }, (_, i) => prefix + ((i * 7919) % 3001))
console.log('begin')
for (;;) list.slice().sort()
