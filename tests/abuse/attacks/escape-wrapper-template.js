// attack: hide the closing brace in a template literal that ends later than it seems
// expect: failed syntax_error SyntaxError
`${ '`' }`; }), escaped(), (async function () { `
