// attack: a tool's input whose traps throw
// expect: done "caught"
try { await echo(new Proxy({}, { ownKeys() { throw new TypeError('trap') } })) } catch (error) { return error.message === 'trap' ? 'caught' : error.message }
return 'nothing thrown'
