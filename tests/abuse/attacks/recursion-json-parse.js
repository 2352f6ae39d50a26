// attack: parse JSON that is a million arrays deep
// expect: done "contained"
try { JSON.parse('['.repeat(1e6) + ']'.repeat(1e6)) } catch (error) { return 'contained' }
return 'contained'
