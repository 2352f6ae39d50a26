// attack: keys that all have one hash
// polls: no
// expect: failed timeout TimeoutError
let keys = ['']
for (let i = 0; i < 15; i++) {
  keys = keys.flatMap((key) => [key + '\u2000\u2107', key + '\u2001\u2000'])
}
const text = '{' + keys.map((key) => JSON.stringify(key) + ':0').join() + '}'
console.log('begin')
for (;;) JSON.parse(text)
