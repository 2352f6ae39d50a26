// attack: call a tool with a this and new that it does not expect
// expect: done "contained"
const calls = [() => Reflect.apply(echo, null, []), () => Reflect.apply(echo, globalThis, [1, 2, 3]), () => Reflect.construct(echo, []), () => new echo()]
for (const call of calls) { try { await call() } catch (error) { if (!(error instanceof TypeError)) return String(error) } }
return 'contained'
