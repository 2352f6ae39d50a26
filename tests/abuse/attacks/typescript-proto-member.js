// attack: set the prototype of every object through the members of an enum
// expect: done "undefined"
enum E { __proto__ = 1, constructor = 2 }
return typeof ({} as any).escaped
