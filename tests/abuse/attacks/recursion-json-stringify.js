// attack: stringify an object that is 200,000 objects deep
// expect: done "contained"
let deep = {}
for (let i = 0; i < 200000; i++) deep = { deep }
try { JSON.stringify(deep) } catch { return 'contained' }
return 'contained'
