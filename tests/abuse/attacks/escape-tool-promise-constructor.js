// attack: the promise of a tool call belongs to a host realm
// expect: done "contained"
const promise = echo({})
const same = promise.constructor === Promise && Object.getPrototypeOf(promise) === Promise.prototype
await promise
return same ? 'contained' : 'foreign promise'
