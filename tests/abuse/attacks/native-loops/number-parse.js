// attack: a number of megabytes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const text = '1'.repeat(2 ** 22)
console.log('begin')
for (;;) Number(text) + parseInt(text, 3) + parseFloat(text)
