// attack: a replacement at each of many places, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const text = 'ab'.repeat(2 ** 15)
console.log('begin')
for (;;) text.replace(/a/g, '')
