// attack: a generator that calls itself while it runs
// expect: done "contained"
let it
function* g() { it.next() }
it = g()
try { it.next() } catch (error) { return error instanceof TypeError ? 'contained' : String(error) }
return 'no error'
