// attack: every bind makes a longer name
// memory: 33554432
// expect: failed memory_limit MemoryLimitError
let f = () => 1
for (;;) f = f.bind(null)
