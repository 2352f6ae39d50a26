// attack: Uint8Array.from of an array-like
// polls: no
// expect: failed timeout TimeoutError
const like = { length: 2 ** 26 }
console.log('begin')
for (;;) Uint8Array.from(like)
