// attack: sort of millions of numbers
// polls: no
// expect: failed timeout TimeoutError
const list = new Float64Array(2 ** 23)
for (let i = 0; i < 2 ** 15; i++) list[i * 255] = i % 71
console.log('begin')
for (;;) list.sort().reverse()
