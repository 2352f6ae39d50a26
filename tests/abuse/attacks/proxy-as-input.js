// attack: a proxy as a tool's input
// expect: done {"a":1}
return await echo(new Proxy({ a: 1 }, {}))
