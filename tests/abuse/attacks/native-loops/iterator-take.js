// attack: drop, take and toArray over an iterator without end
// polls: no
// expect: failed timeout TimeoutError
const none = { length: 2 ** 53 - 1 }
const values = Array.prototype.values.call(none)
console.log('begin')
return values.drop(2 ** 40).take(1).toArray().length
