// attack: throw a proxy whose traps throw
// expect: failed guest_error
throw new Proxy(function () {}, { get() { throw new Error('trap') }, getPrototypeOf() { throw new Error('trap') }, has() { throw new Error('trap') } })
