// attack: the largest number in decimal digits, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const big = (1n << 1000000n) - 1n
console.log('begin')
for (;;) big.toString()
