// attack: the parser looks for the end of each parenthesis
// polls: no
// expect: failed timeout TimeoutError
const source = '('.repeat(300) + ' '.repeat(1e6) + '1' + ')'.repeat(300)
console.log('begin')
for (;;) new Function('return ' + source)
