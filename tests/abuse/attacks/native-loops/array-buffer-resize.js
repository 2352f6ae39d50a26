// attack: resize of megabytes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const buffer = new ArrayBuffer(0, { maxByteLength: 2 ** 26 })
console.log('begin')
for (;;) { buffer.resize(2 ** 26); buffer.resize(0) }
