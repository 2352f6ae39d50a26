// attack: compile ever larger functions
// memory: 33554432
// timeout: 10000
// expect: failed *
const keep = []
for (;;) keep.push(Function('return [' + '1,'.repeat(20000) + ']'))
