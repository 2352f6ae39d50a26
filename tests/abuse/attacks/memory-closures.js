// attack: closures that keep each other
// memory: 33554432
// expect: failed memory_limit MemoryLimitError
let f = () => 0
const all = []
for (;;) { const g = f; const pad = [1, 2, 3, 4]; f = () => g.length + pad.length; all.push(f) }
