// attack: a getter in the result never ends
// timeout: 300
// expect: failed timeout TimeoutError
return { get a() { for (;;) {} } }
