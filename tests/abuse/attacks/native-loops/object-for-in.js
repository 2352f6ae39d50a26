// attack: for-in over what many prototypes have
// polls: no
// expect: failed timeout TimeoutError
let chain = {}
for (let i = 0; i < 4e4; i++) chain = Object.create(chain, { ['k' + i]: { value: 1, enumerable: true } })
console.log('begin')
for (;;) for (const key in chain) key
