// attack: the parser, on a megabyte, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const source = 'x;'.repeat(5e5)
console.log('begin')
for (;;) new Function(source)
