// attack: source text of 20,000 nested arrow functions
// expect: done "contained"
try { Function('return ' + 'a=>'.repeat(20000) + '1') } catch { return 'contained' }
return 'contained'
