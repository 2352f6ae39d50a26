// attack: close the function around the program inside of an enum
// expect: failed syntax_error SyntaxError
enum E { A } }, (globalThis.escaped = 1), async function () { enum F { B
