// attack: union, difference and intersection of sets, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const one = new Set(Array.from({ length: 1e4 }, (_, i) => i))
const two = new Set(Array.from({ length: 1e4 }, (_, i) => i + 1))
console.log('begin')
for (;;) one.union(two).difference(two).intersection(one)
