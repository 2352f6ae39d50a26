// attack: indexOf of millions of numbers, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const list = new Float64Array(2 ** 23)
console.log('begin')
for (;;) list.indexOf(1)
