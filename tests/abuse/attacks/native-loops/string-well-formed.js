// attack: toWellFormed and isWellFormed of megabytes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const text = '\u4e00'.repeat(2 ** 22)
console.log('begin')
for (;;) text.isWellFormed() && text.toWellFormed()
