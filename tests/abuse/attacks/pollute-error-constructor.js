// attack: replace Error before a tool fails
// expect: done "contained"
const Real = Error
globalThis.Error = function () { throw 'forged' }
try { await fail({ message: 'real' }) } catch (error) {
  return error instanceof Real && error.message === 'real' ? 'contained' : String(error)
}
return 'no error'
