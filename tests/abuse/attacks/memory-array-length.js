// attack: ask for arrays of the longest length
// memory: 33554432
// expect: failed *
return new Array(4294967295).fill(1).length
