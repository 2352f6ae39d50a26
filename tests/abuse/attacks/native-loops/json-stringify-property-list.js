// attack: a list of properties without end
// polls: no
// expect: failed timeout TimeoutError
const list = []
list.length = 2 ** 32 - 1
console.log('begin')
return JSON.stringify({}, list)
