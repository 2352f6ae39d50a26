// attack: reach a global object with more powers through the Function constructor
// expect: done "contained"
const found = Function('return typeof process + typeof require + typeof std + typeof os + typeof Deno + typeof Bun')()
return found === 'undefined'.repeat(6) ? 'contained' : found
