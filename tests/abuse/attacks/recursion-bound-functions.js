// attack: a function bound 4,000 times, called through all of them
// expect: done "contained"
let f = () => 1
for (let i = 0; i < 4000; i++) f = f.bind(null)
try { f() } catch { return 'contained' }
return 'contained'
