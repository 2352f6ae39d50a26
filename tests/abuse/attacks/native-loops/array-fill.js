// attack: fill of two million elements, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const list = new Array(2 ** 21).fill(0)
console.log('begin')
for (;;) list.fill(1)
