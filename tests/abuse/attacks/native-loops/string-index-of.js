// attack: indexOf compares half a string at each of its places
// polls: no
// expect: failed timeout TimeoutError
const hay = 'a'.repeat(2 ** 24) + 'b'
const needle = 'a'.repeat(2 ** 23) + 'c'
console.log('begin')
return hay.indexOf(needle)
