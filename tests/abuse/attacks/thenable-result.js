// attack: the returned value is a thenable that never settles
// expect: failed stalled
return { then() {} }
