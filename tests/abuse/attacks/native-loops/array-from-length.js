// attack: Array.from of a length, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const like = { length: 2 ** 20 }
console.log('begin')
for (;;) Array.from(like)
