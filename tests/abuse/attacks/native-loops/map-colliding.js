// attack: numbers that all have one hash, in a set
// polls: rarely
// expect: failed timeout TimeoutError
const words = new Uint32Array(4e4)
for (let i = 0; i < words.length; i += 2) {
  words[i] = i
  words[i + 1] = i ^ 0x40000000
}
const list = Array.from(new Float64Array(words.buffer))
console.log('begin')
for (;;) new Set(list)
