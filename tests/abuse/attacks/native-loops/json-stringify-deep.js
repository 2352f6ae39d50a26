// attack: a search for cycles at each of many objects, deep down
// polls: rarely
// expect: failed timeout TimeoutError
let tree = Array.from({ length: 2 ** 17 }, () => [])
for (let i = 0; i < 500; i++) tree = [tree]
console.log('begin')
for (;;) JSON.stringify(tree)
