// attack: a Map that grows for ever
// memory: 33554432
// expect: failed memory_limit MemoryLimitError
const m = new Map()
for (let i = 0; ; i++) m.set(i, [i])
