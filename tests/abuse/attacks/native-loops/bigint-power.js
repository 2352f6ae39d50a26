// attack: powers at the size limit, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const base = 7n
console.log('begin')
for (;;) base ** 370000n
