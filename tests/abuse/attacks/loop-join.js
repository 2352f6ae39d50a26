// attack: join a sparse array of four billion holes
// timeout: 1000
// expect: failed *
return new Array(4294967295).join('').length
