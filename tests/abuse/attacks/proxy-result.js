// attack: a proxy as the result, with traps that throw
// expect: failed guest_error
return new Proxy({}, { get() { throw new Error('trap') }, ownKeys() { throw new Error('trap') } })
