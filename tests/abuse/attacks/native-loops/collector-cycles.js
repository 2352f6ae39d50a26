// attack: the collector looks at a large heap, again and again
// polls: rarely
// expect: failed timeout TimeoutError
const kept = Array.from({ length: 3e5 }, (_, i) => ({ i }))
globalThis.kept = kept
console.log('begin')
for (;;) {
  const a = {}
  a.a = { a }
}
