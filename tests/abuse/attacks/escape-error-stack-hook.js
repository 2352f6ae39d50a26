// attack: Error.prepareStackTrace is handed call sites of the host
// expect: done "contained"
let seen = []
Error.prepareStackTrace = (error, sites) => { seen = sites; return 'mine' }
try { null.x } catch (error) { void error.stack }
const leaks = seen.filter((site) => {
  const that = typeof site.getThis === 'function' ? site.getThis() : undefined
  const fn = typeof site.getFunction === 'function' ? site.getFunction() : undefined
  return (that && that !== globalThis && typeof that === 'object') || (fn && !(fn instanceof Function))
})
return leaks.length === 0 ? 'contained' : 'call sites of the host'
