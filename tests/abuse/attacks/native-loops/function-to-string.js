// attack: the source text of a function, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const long = new Function('/*' + 'x'.repeat(2 ** 22) + '*/')
console.log('begin')
for (;;) long.toString()
