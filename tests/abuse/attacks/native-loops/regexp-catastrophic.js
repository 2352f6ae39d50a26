// attack: a regular expression that tries everything
// polls: yes
// expect: failed timeout TimeoutError
const text = 'a'.repeat(60)
console.log('begin')
return /^(a+)+$/.test(text + 'b')
