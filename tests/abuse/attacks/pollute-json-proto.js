// attack: a tool's result holds a __proto__ key
// expect: done "contained"
const value = await weapon('proto')
const plain = {}
return plain.polluted === undefined && Object.prototype.polluted === undefined && Object.keys(value).includes('__proto__') ? 'contained' : 'polluted'
