// attack: a pattern of many groups and classes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const pattern = Array.from({ length: 250 }, (_, i) => '(?<g' + i + '>a)').join('') + '[^a-z\\W]'.repeat(20000)
console.log('begin')
for (;;) new RegExp(pattern, 'i')
