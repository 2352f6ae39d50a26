// attack: assign of a large object, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const large = Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => ['k' + i, i]))
console.log('begin')
for (;;) Object.assign({}, large)
