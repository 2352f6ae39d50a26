// attack: an operation that takes long, in a loop that looks up once in 10,000 rounds
// polls: rarely
// expect: failed timeout TimeoutError
const text = 'ab'.repeat(2 ** 22)
console.log('begin')
for (let n = 0; ; n++) text.toUpperCase()
