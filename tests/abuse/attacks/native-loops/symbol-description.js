// attack: a symbol with a long description, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const text = 'a'.repeat(2 ** 22)
console.log('begin')
for (;;) Symbol(text).toString()
