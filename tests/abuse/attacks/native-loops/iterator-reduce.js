// attack: reduce over an iterator without end
// polls: yes
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 53 - 1 }
console.log('begin')
return Array.prototype.values.call(huge).reduce(() => 0)
