// attack: shift moves every element, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const list = new Array(2 ** 21).fill(0)
console.log('begin')
for (;;) list.push(list.shift())
