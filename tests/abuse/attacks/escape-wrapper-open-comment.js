// attack: an open comment swallows the end of the wrapper
// expect: failed syntax_error SyntaxError
return 1 /*
