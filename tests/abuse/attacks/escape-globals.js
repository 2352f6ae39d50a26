// attack: find a global that opens something
// expect: done "contained"
const wanted = ['process', 'require', 'module', 'fetch', 'WebSocket', 'XMLHttpRequest', 'setTimeout', 'setInterval', 'setImmediate', 'std', 'os', 'bjson', 'Worker', 'print', 'scriptArgs', 'Deno', 'Bun', 'WebAssembly', 'gc', 'load', 'loadScript', 'read', 'quit', '__loadScript']
const found = wanted.filter((name) => name in globalThis)
return found.length === 0 ? 'contained' : found.join()
