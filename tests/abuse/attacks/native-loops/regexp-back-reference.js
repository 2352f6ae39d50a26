// attack: a back reference as long as half the text, at each of its places
// polls: rarely
// expect: failed timeout TimeoutError
const text = 'a'.repeat(2 ** 16) + 'b'
console.log('begin')
return /(a*)\1c/.test(text)
