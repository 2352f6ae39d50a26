// attack: call a tool more often than the budget allows
// expect: done "contained"
let failures = 0
for (let i = 0; i < 1100; i++) { try { await echo(i) } catch (error) { if (/maximum of 1000 tool calls/.test(error.message)) failures++ } }
return failures === 100 ? 'contained' : String(failures)
