// attack: typed arrays of every size up to the largest
// memory: 33554432
// expect: failed memory_limit MemoryLimitError
const keep = []
for (let size = 1024; ; size *= 2) keep.push(new Uint8Array(size).fill(255))
