// attack: a string that doubles
// memory: 33554432
// expect: failed *
let s = 'x'
for (;;) s += s
