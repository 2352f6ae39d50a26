// attack: freeze and redefine globals so that the next program cannot run
// expect: done "contained"
Object.freeze(Object.prototype); Object.freeze(Array.prototype); Object.freeze(Promise.prototype); Object.freeze(globalThis)
return 'contained'
