// attack: a polluted Object.prototype changes what the host is told
// expect: done {"ok":true}
Object.prototype.toJSON = undefined
Object.prototype.input = 'polluted'
Object.prototype.message = 'polluted'
const back = await echo({ ok: true })
delete Object.prototype.toJSON
return back
