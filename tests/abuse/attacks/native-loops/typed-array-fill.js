// attack: fill, copyWithin and reverse of megabytes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const list = new Float64Array(2 ** 22)
console.log('begin')
for (;;) list.fill(1).copyWithin(1, 0).reverse()
