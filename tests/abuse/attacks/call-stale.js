// attack: leave calls open when the program ends
// expect: done "contained"
for (let i = 0; i < 50; i++) void weapon('never')
return 'contained'
