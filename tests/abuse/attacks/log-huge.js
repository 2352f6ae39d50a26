// attack: one log entry of 30 MB
// expect: done "contained"
console.log('x'.repeat(30 * 1024 * 1024))
return 'contained'
