// attack: catch the interrupt and go on
// timeout: 300
// expect: failed timeout TimeoutError
for (;;) { try { for (;;) {} } catch {} finally { continue } }
