// attack: a native loop over a huge sparse array
// timeout: 500
// expect: failed timeout TimeoutError
const list = []
list.length = 4294967295
return list.indexOf(1) + list.reduce((a) => a, 0)
