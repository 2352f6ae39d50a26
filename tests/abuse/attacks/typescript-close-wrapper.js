// attack: close the function around the program inside of a type, and open another
// expect: failed syntax_error SyntaxError
let a: { x: 1 } }), (globalThis.escaped = 1), (async function () { let b: {
