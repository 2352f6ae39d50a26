// attack: an async generator that never yields, left and returned
// expect: done "contained"
async function* g() { try { yield 1; await new Promise(() => {}) } finally { globalThis.left = true } }
const it = g()
await it.next()
void it.next()
void it.return(2)
return 'contained'
