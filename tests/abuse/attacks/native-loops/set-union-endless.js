// attack: the union with keys without end
// polls: no
// expect: failed timeout TimeoutError
const keys = { size: 1, has() {}, keys: () => Array.prototype.values.call({ length: 2 ** 53 - 1 }) }
console.log('begin')
return new Set().union(keys).size
