// attack: throw an object whose name, message and stack throw or lie
// expect: failed guest_error
throw { get name() { throw 1 }, get message() { return { toString() { throw 2 } } }, get stack() { for (let i = 0; i < 10; i++) {} throw 3 }, toString() { throw 4 } }
