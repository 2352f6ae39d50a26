// attack: parsing megabytes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const text = '[' + '{},'.repeat(2 ** 17) + '0]'
console.log('begin')
for (;;) JSON.parse(text)
