// attack: the parser looks for each name among all
// polls: no
// expect: failed timeout TimeoutError
const names = Array.from({ length: 6e4 }, (_, i) => 'v' + i)
const source = 'var ' + names + ';' + names.join('++;')
console.log('begin')
for (;;) new Function(source)
