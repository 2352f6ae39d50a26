// attack: shift of an array-like without end
// polls: no
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 53 - 1 }
console.log('begin')
return Array.prototype.shift.call(huge)
