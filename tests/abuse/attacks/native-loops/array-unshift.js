// attack: unshift of an array-like that is nearly without end
// polls: no
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 53 - 2 }
console.log('begin')
return Array.prototype.unshift.call(huge, 1)
