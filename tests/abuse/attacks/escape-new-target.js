// attack: learn about the caller through new.target, arguments and caller
// expect: done "contained"
const outer = arguments.length === 0 && new.target === undefined
let caller = 'none'
try { caller = String(arguments.callee.caller) } catch { caller = 'none' }
return outer && /^(none|null|undefined)$/.test(caller) ? 'contained' : caller
