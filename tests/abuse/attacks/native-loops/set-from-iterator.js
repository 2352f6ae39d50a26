// attack: a set of one value that comes without end
// polls: yes
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 53 - 1 }
console.log('begin')
return new Set(Array.prototype.values.call(huge)).size
