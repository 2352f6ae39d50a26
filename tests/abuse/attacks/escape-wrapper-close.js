// attack: close the function around the program and open another
// expect: failed syntax_error SyntaxError
}), (globalThis.escaped = 1), (async function () {
