// attack: toJSON never ends
// timeout: 300
// expect: failed timeout TimeoutError
return { toJSON() { for (;;) {} } }
