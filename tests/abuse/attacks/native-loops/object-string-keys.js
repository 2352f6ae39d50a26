// attack: the keys of a long string, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const text = new String('a'.repeat(2 ** 20))
console.log('begin')
for (;;) Object.getOwnPropertyNames(text)
