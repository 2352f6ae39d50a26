// attack: a regular expression that tries everything, inside a lookbehind
// polls: yes
// expect: failed timeout TimeoutError
const text = 'a'.repeat(60)
console.log('begin')
return /(?<=^c(a+)+)b/.test(text + 'b')
