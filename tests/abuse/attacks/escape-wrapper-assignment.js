// attack: close the wrapper in a way that is also a class field
// expect: failed syntax_error SyntaxError
}[globalThis.escaped = 1] = function () {
