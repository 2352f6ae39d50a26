// attack: a proxy of a proxy of a proxy, 100,000 times
// expect: done "contained"
let p = {}
for (let i = 0; i < 1e5; i++) p = new Proxy(p, {})
try { p.x } catch { return 'contained' }
return 'contained'
