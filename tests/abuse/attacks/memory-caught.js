// attack: run out of memory, catch it, and go on
// memory: 33554432
// timeout: 10000
// expect: contained
let caught = 0
for (let i = 0; i < 20; i++) { try { const a = []; for (;;) a.push(new Uint8Array(1e6)) } catch { caught++ } }
return caught
