// attack: an array that grows for ever
// memory: 33554432
// expect: failed memory_limit MemoryLimitError
const a = []
for (;;) a.push({ x: 1 })
