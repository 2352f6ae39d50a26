// attack: toLowerCase looks around every capital sigma, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const text = 'A' + ('.'.repeat(1000) + '\u03a3').repeat(2e4)
console.log('begin')
for (;;) text.toLowerCase()
