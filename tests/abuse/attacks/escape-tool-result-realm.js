// attack: a tool's result carries a prototype of the host
// expect: done "contained"
const value = await echo({ list: [1], text: 'x' })
const mine = Object.getPrototypeOf(value) === Object.prototype && Array.isArray(value.list) && Object.getPrototypeOf(value.list) === Array.prototype
return mine ? 'contained' : 'foreign prototype'
