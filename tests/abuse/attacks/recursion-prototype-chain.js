// attack: a prototype chain 200,000 objects long
// expect: done "contained"
let o = {}
for (let i = 0; i < 200000; i++) o = Object.create(o)
try { void o.missing } catch { return 'contained' }
return 'contained'
