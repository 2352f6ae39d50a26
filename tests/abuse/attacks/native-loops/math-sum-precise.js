// attack: sumPrecise of millions of numbers
// polls: no
// expect: failed timeout TimeoutError
const list = new Float64Array(2 ** 23)
console.log('begin')
for (;;) Math.sumPrecise(list)
