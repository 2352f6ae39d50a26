// attack: isSupersetOf of keys without end
// polls: no
// expect: failed timeout TimeoutError
const keys = { size: 1, has() {}, keys: () => Array.prototype.values.call({ length: 2 ** 53 - 1 }) }
const set = new Set([undefined])
console.log('begin')
return set.isSupersetOf(keys)
