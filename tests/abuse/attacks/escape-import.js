// attack: load a module of the host
// expect: done "contained"
const failures = []
for (const name of ['fs', 'node:fs', 'std', 'qjs:std', 'os', './x.js', 'file:///etc/passwd', 'data:text/javascript,1']) {
  try { await import(name); return name } catch (error) { failures.push(error instanceof Error) }
}
return failures.every(Boolean) ? 'contained' : 'a failure that is no Error'
