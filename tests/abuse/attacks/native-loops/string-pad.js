// attack: padStart and padEnd of megabytes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const filler = 'abc'
console.log('begin')
for (;;) 'x'.padStart(2 ** 22, filler).padEnd(2 ** 23, filler)
