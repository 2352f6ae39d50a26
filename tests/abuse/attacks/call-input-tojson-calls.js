// attack: a tool's input calls the tool while it is being stringified
// expect: done "contained"
let depth = 0
const evil = { toJSON() { if (depth++ < 20) void echo(evil); return { depth } } }
await echo(evil)
return 'contained'
