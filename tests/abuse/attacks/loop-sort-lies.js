// attack: sort with a comparison that always lies
// expect: done "contained"
Array.from({ length: 20000 }, () => Math.random()).sort(() => 1)
Array.from({ length: 20000 }, () => Math.random()).sort(() => NaN)
Array.from({ length: 20000 }, () => Math.random()).sort(() => Math.random() - 0.5)
return 'contained'
