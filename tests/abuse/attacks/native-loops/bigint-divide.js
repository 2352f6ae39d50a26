// attack: quotients of the largest numbers, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const big = (1n << 1000000n) - 1n
const half = (1n << 500000n) - 3n
console.log('begin')
for (;;) big / half
