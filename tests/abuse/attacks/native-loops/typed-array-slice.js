// attack: slice and a copy of another type, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const list = new Uint8Array(2 ** 23)
console.log('begin')
for (;;) new Float32Array(list.slice())
