// attack: copies of a large array, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const list = new Array(2 ** 20).fill(0)
console.log('begin')
for (;;) list.toReversed().with(0, 1).toSpliced(1, 1)
