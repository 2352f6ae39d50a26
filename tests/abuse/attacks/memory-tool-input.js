// attack: send a tool as much as fits
// memory: 33554432
// expect: contained
return (await echo({ s: 'x'.repeat(1e7) })).s.length
