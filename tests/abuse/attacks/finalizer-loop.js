// attack: finalizers that make more garbage with finalizers
// timeout: 1000
// expect: contained
const registry = new FinalizationRegistry(() => { for (let i = 0; i < 100; i++) registry.register({}, i) })
for (let i = 0; i < 10000; i++) registry.register({ i }, i)
await null
return 'contained'
