// attack: the method wrapper would give `super` a meaning
// expect: failed syntax_error SyntaxError
return super.constructor
