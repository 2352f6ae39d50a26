// attack: a pattern of many classes that ignore case, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const pattern = '[^\\p{L}\\u{10000}]'.repeat(1e4)
console.log('begin')
for (;;) new RegExp(pattern, 'iu')
