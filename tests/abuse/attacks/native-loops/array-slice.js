// attack: slice of an array-like, of which nothing is there
// polls: no
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 32 - 2 }
console.log('begin')
return Array.prototype.slice.call(huge).length
