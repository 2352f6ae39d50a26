// attack: a linked list of a million objects, freed at once
// memory: 268435456
// expect: done "contained"
let list = null
for (let i = 0; i < 1e6; i++) list = { list }
list = null
return 'contained'
