// attack: flat of arrays that hold one another twice
// polls: no
// expect: failed timeout TimeoutError
let list = []
for (let i = 0; i < 60; i++) list = [list, list]
console.log('begin')
return list.flat(Infinity).length
