// attack: comment out the end of the wrapper
// expect: done "contained"
return 'contained' /* is this the end? */ // or this }
