// attack: climb constructor chains from a tool function to a host realm
// expect: done "contained"
const F = echo.constructor.constructor
const theirs = F('return globalThis')()
return theirs === globalThis && F === Function ? 'contained' : 'another realm'
