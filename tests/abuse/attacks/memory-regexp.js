// attack: compile ever larger regular expressions
// memory: 33554432
// timeout: 10000
// expect: failed *
const keep = []
for (let i = 0; ; i++) keep.push(new RegExp('(a|b|c)?'.repeat(250) + i))
