// attack: lastIndexOf compares half a string at each of its places
// polls: no
// expect: failed timeout TimeoutError
const hay = 'b' + 'a'.repeat(2 ** 24)
const needle = 'a'.repeat(2 ** 23) + 'c'
console.log('begin')
return hay.lastIndexOf(needle)
