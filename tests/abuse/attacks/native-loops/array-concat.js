// attack: concat of an array-like without end
// polls: no
// expect: failed timeout TimeoutError
const huge = { length: 2 ** 53 - 1, [Symbol.isConcatSpreadable]: true }
console.log('begin')
return [].concat(huge).length
