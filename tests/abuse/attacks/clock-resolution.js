// attack: the clock and the random numbers break or run backwards when functions are replaced
// expect: done "contained"
const now = Date.now
Date.now = () => -1
const a = now(), b = new Date().getTime()
return b >= a && a > 1.6e12 && Math.random() < 1 ? 'contained' : `${a} ${b}`
