// attack: unregister looks through all that is registered
// polls: rarely
// expect: failed timeout TimeoutError
const registry = new FinalizationRegistry(() => {})
const kept = Array.from({ length: 2e5 }, () => ({}))
for (const one of kept) registry.register(one, 0, one)
console.log('begin')
for (;;) registry.unregister({})
