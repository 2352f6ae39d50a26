// attack: objects that hold one another twice
// polls: yes
// expect: failed timeout TimeoutError
let tree = {}
for (let i = 0; i < 60; i++) tree = { a: tree, b: tree }
console.log('begin')
return JSON.stringify(tree, (key, value) => (value === undefined ? value : value))
