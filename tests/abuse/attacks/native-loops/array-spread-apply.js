// attack: Math.max of as many arguments as there may be, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const list = new Array(65000).fill(1)
console.log('begin')
for (;;) Math.max.apply(null, list)
