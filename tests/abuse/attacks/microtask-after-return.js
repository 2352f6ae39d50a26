// attack: the program returns, its microtasks go on for ever: it has its value, and the run ends
// timeout: 300
// expect: done 1
const again = () => Promise.resolve().then(again)
again()
return 1
