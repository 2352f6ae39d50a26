// attack: includes of an iterator without end
// polls: no
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 53 - 1 }
console.log('begin')
return Array.prototype.values.call(huge).includes(1)
