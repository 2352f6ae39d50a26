// attack: asUintN and asIntN of the largest number, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const big = (1n << 1000000n) - 1n
console.log('begin')
for (;;) BigInt.asUintN(999999, big) ^ BigInt.asIntN(999999, big)
