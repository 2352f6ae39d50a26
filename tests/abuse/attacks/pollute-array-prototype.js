// attack: setters on Array.prototype see the elements of a tool's result
// expect: done "contained"
let seen = 0
Object.defineProperty(Array.prototype, '0', { set() { seen++ }, get() { return 'forged' }, configurable: true })
const value = await weapon('array')
delete Array.prototype[0]
return seen === 0 && value[0] === 1 ? 'contained' : 'seen'
