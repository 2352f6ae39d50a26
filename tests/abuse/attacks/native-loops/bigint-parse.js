// attack: the largest number from decimal digits, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const digits = '7'.repeat(300000)
console.log('begin')
for (;;) BigInt(digits)
