// attack: a regular expression that tries everything, with sets of characters
// polls: yes
// expect: failed timeout TimeoutError
const text = 'a'.repeat(60)
console.log('begin')
return /^([\p{L}--[b]]+)+$/iv.test(text + 'b')
