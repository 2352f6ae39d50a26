// attack: microtasks for ever, in bounded memory
// timeout: 300
// expect: failed timeout TimeoutError
for (;;) await null
