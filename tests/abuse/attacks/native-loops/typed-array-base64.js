// attack: toBase64 and toHex of megabytes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const list = new Uint8Array(2 ** 22)
console.log('begin')
for (;;) Uint8Array.fromBase64(list.toBase64()).toHex()
