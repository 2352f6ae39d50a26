// attack: repeat and padEnd to the longest string
// memory: 33554432
// expect: failed memory_limit MemoryLimitError
return 'ab'.repeat(2 ** 28).length
