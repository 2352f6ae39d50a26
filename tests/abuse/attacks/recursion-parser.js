// attack: source text nested 100,000 parentheses deep
// expect: done "contained"
try { Function('return ' + '('.repeat(1e5) + '1' + ')'.repeat(1e5)) } catch { return 'contained' }
return 'contained'
