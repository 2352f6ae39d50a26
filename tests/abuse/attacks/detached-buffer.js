// attack: a typed array whose buffer is transferred in the middle of an operation
// expect: done "contained"
const buffer = new ArrayBuffer(1024)
const view = new Uint8Array(buffer)
const other = buffer.transfer ? buffer.transfer() : structuredClone(buffer, { transfer: [buffer] })
try { view.fill(1); view.set([1, 2, 3], 0) } catch {}
const evil = new Uint8Array(64)
try { evil.fill({ valueOf() { evil.buffer.transfer(); return 7 } }) } catch {}
try { new Uint8Array(64).sort((a, b) => { other.transfer(); return a - b }) } catch {}
return view.length === 0 ? 'contained' : 'still ' + view.length
