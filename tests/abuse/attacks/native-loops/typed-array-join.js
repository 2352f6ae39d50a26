// attack: join of millions of numbers, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const list = new Uint8Array(2 ** 22)
console.log('begin')
for (;;) list.join('')
