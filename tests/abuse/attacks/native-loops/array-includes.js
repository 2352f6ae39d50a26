// attack: includes of an array-like without end
// polls: yes
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 53 - 1 }
console.log('begin')
return Array.prototype.includes.call(huge, 1)
