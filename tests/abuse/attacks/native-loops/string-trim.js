// attack: trim of megabytes of blanks, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const text = ' '.repeat(2 ** 24)
console.log('begin')
for (;;) text.trim()
