// attack: the program returns, its microtasks go on for ever
// timeout: 300
// expect: failed timeout TimeoutError
const again = () => Promise.resolve().then(again)
again()
return 1
