// attack: endless recursion
// expect: failed stack_overflow StackOverflowError
function f() { return f() + 1 }
return f()
