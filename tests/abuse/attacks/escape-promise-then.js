// attack: replace Promise.prototype.then before a tool answers
// expect: done "contained"
const then = Promise.prototype.then
let calls = 0
Promise.prototype.then = function (...args) { calls++; return Reflect.apply(then, this, args) }
const value = await echo({ a: 2 })
Promise.prototype.then = then
return value.a === 2 ? 'contained' : String(calls)
