// attack: comparing megabytes that differ at the end, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const one = 'a'.repeat(2 ** 24) + 'b'
const two = 'a'.repeat(2 ** 24) + 'c'
console.log('begin')
for (;;) one < two
