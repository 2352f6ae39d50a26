// attack: resizable buffers that reserve more than there is
// memory: 33554432
// expect: failed *
const keep = []
for (;;) { const b = new ArrayBuffer(16, { maxByteLength: 2 ** 30 }); b.resize(2 ** 29); keep.push(b) }
