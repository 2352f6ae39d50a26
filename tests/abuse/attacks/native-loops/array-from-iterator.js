// attack: Array.from of an iterator, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 20 }
console.log('begin')
for (;;) Array.from(Array.prototype.values.call(huge))
