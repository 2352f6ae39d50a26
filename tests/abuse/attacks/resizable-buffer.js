// attack: a resizable buffer shrinks while it is copied, sorted and searched
// expect: done "contained"
const buffer = new ArrayBuffer(4096, { maxByteLength: 8192 })
const view = new Uint8Array(buffer)
try { view.sort((a, b) => { buffer.resize(8); return a - b }) } catch {}
buffer.resize(8192)
try { view.copyWithin(0, { valueOf() { buffer.resize(16); return 4000 } }, 4096) } catch {}
try { view.indexOf(1, { valueOf() { buffer.resize(0); return 0 } }) } catch {}
try { new DataView(buffer, 4) } catch {}
return 'contained'
