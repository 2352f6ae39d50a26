// attack: products of the largest numbers, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const big = (1n << 520000n) - 1n
console.log('begin')
for (;;) big * big
