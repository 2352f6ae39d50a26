// attack: slice and transfer of megabytes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const buffer = new ArrayBuffer(2 ** 25)
console.log('begin')
for (;;) buffer.slice(0).transfer(2 ** 24)
