// attack: a tool's result is larger than the memory limit
// memory: 16777216
// expect: failed memory_limit MemoryLimitError
return await weapon('huge')
