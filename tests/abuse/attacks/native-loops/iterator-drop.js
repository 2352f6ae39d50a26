// attack: drop from an iterator without end
// polls: no
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 53 - 1 }
console.log('begin')
return Iterator.from(Array.prototype.values.call(huge)).drop(2 ** 53 - 2).next().done
