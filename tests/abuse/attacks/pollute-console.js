// attack: replace console methods and the functions they use
// expect: done "contained"
Array.prototype.join = () => { throw new Error('join') }
String.prototype.toString = () => { throw new Error('toString') }
Object.prototype.toString = () => { throw new Error('toString') }
console.log('still', 1, { a: [1] })
return 'contained'
