// attack: log for ever
// timeout: 1000
// expect: failed *
for (;;) console.log('flood', 'x'.repeat(100))
