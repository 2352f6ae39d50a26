// attack: change an array's length while the engine walks it
// expect: done "contained"
const list = [1, 2, 3, 4, 5, 6, 7, 8]
list.sort((a, b) => { list.length = 0; return b - a })
const other = Array.from({ length: 100 }, (_, i) => i)
other.map((x) => { other.length = 1; return x })
other.splice({ valueOf() { other.length = 0; return 0 } }, 5, 1, 2)
JSON.stringify([{ toJSON() { other.push(1); return 1 } }, other])
return 'contained'
