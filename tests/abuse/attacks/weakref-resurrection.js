// attack: weak references and maps keyed by each other
// expect: done "contained"
const refs = []
for (let i = 0; i < 5000; i++) { const a = { i }; const w = new WeakMap([[a, a]]); refs.push(new WeakRef(w), new WeakRef(a)) }
let alive = 0
for (const ref of refs) if (ref.deref()) alive++
return alive >= 0 ? 'contained' : ''
