// attack: a thenable that resolves to itself for ever
// timeout: 300
// expect: failed timeout TimeoutError
const again = { then(resolve) { resolve(again) } }
return again
