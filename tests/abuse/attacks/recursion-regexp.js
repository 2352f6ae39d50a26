// attack: a regular expression nested 100,000 groups deep
// expect: done "contained"
try { new RegExp('('.repeat(1e5) + ')'.repeat(1e5)) } catch { return 'contained' }
return 'contained'
