// attack: set from an array-like
// polls: no
// expect: failed timeout TimeoutError
const bytes = new Uint8Array(2 ** 26)
const like = { length: 2 ** 26 }
console.log('begin')
for (;;) bytes.set(like)
