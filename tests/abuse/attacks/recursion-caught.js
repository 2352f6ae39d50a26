// attack: endless recursion that is caught, again and again
// expect: done "caught"
let n = 0
function f() { f() }
for (let i = 0; i < 50; i++) { try { f() } catch (error) { if (error instanceof RangeError || error instanceof Error) n++ } }
return n === 50 ? 'caught' : String(n)
