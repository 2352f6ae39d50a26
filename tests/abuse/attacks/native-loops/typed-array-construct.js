// attack: a typed array of an array-like
// polls: no
// expect: failed timeout TimeoutError
const like = { length: 2 ** 26 }
console.log('begin')
for (;;) new Uint8Array(like)
