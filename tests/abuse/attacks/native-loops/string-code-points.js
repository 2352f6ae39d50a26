// attack: a spread string, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const text = 'a'.repeat(2 ** 20)
console.log('begin')
for (;;) Array.from(text).length
