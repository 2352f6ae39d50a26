// attack: fill the atom table and the symbol registry
// memory: 33554432
// timeout: 10000
// expect: failed *
const o = {}
for (let i = 0; ; i++) { o['key' + i] = Symbol.for('s' + i) }
