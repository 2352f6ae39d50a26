// attack: quadratic native string search
// timeout: 500
// expect: contained
const hay = 'a'.repeat(5e6)
return hay.indexOf('a'.repeat(2.5e6) + 'b')
