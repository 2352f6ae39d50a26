// attack: a tool's result is JSON 300,000 arrays deep
// expect: done "contained"
try { await weapon('deep') } catch (error) { return 'contained' }
return 'contained'
