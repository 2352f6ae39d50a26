// attack: split looks for a separator of half the string
// polls: no
// expect: failed timeout TimeoutError
const hay = 'a'.repeat(2 ** 24) + 'b'
const needle = 'a'.repeat(2 ** 23) + 'c'
console.log('begin')
return hay.split(needle).length
