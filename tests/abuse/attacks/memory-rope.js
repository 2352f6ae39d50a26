// attack: a rope of many small pieces, flattened
// memory: 33554432
// timeout: 5000
// expect: failed *
let s = ''
for (let i = 0; ; i++) { s = s + 'piece ' + i; if (i % 100000 === 0) void s.charCodeAt(0) }
