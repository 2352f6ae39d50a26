// attack: a proxy that claims ten million keys
// memory: 67108864
// timeout: 2000
// expect: failed *
return new Proxy({}, { ownKeys() { return Array.from({ length: 1e7 }, (_, i) => 'k' + i) }, getOwnPropertyDescriptor() { return { value: 1, enumerable: true, configurable: true } } })
