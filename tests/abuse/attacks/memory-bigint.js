// attack: a BigInt that squares itself
// memory: 33554432
// timeout: 5000
// expect: failed *
let n = 3n
for (;;) n = n * n
