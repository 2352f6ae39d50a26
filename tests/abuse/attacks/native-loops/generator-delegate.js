// attack: yield* of an iterator without end
// polls: yes
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 53 - 1 }
console.log('begin')
function* all() { yield* Array.prototype.values.call(huge) }
for (const one of all()) one
