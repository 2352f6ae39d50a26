// attack: a regular expression that backtracks for ever
// timeout: 300
// expect: failed timeout TimeoutError
return /^(a+)+$/.test('a'.repeat(40) + 'b')
