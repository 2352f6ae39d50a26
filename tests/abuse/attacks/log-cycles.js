// attack: log an object that holds itself a thousand times
// expect: done "contained"
const o = {}
for (let i = 0; i < 1000; i++) o['k' + i] = { o, m: new Map([[o, o]]) }
console.log(o)
return 'contained'
