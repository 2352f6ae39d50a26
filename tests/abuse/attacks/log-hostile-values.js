// attack: log values whose every hook throws
// expect: done "contained"
const trap = () => { throw new Error('trap') }
console.log(new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap }))
console.log({ get [Symbol.toStringTag]() { throw 1 }, toString: trap, valueOf: trap, [Symbol.toPrimitive]: trap, inspect: trap })
console.log(Object.create(null), Symbol('s'), 10n, -0, [,], new (class { get a() { throw 1 } })())
console.log(Object.defineProperty(function () {}, 'name', { get: trap }))
return 'contained'
