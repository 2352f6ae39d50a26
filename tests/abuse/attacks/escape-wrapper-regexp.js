// attack: hide the closing brace behind something that could be a regular expression
// expect: failed syntax_error SyntaxError
const a = 1 /2/ 1; }), escaped(), (async function () { /[/]}]/
