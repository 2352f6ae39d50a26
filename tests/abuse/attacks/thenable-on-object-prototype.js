// attack: a `then` on Object.prototype hijacks every promise
// timeout: 1000
// expect: failed *
Object.prototype.then = function () {}
return await echo({ a: 1 })
