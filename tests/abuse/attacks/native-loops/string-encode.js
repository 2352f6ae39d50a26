// attack: encodeURIComponent, escape and back, of megabytes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const text = '\u00e9'.repeat(2 ** 19)
console.log('begin')
for (;;) decodeURIComponent(encodeURIComponent(text)) + unescape(escape(text))
