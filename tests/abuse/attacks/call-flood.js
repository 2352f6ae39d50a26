// attack: open a million calls at once
// timeout: 5000
// expect: contained
const results = await Promise.allSettled(Array.from({ length: 100000 }, (_, i) => echo(i)))
return results.filter((r) => r.status === 'fulfilled').length
