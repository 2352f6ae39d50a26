// attack: isPrototypeOf along many prototypes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
let chain = {}
for (let i = 0; i < 3e5; i++) chain = Object.create(chain)
console.log('begin')
for (;;) Array.prototype.isPrototypeOf(chain)
