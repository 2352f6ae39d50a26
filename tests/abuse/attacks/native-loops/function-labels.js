// attack: the parser, on many nested blocks
// polls: no
// expect: failed timeout TimeoutError
const source = 'a: { break a }'.repeat(2e5)
console.log('begin')
for (;;) new Function(source)
