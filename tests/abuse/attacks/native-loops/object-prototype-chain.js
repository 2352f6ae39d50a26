// attack: a property that none of many prototypes has
// polls: rarely
// expect: failed timeout TimeoutError
let chain = {}
for (let i = 0; i < 3e5; i++) chain = Object.create(chain)
console.log('begin')
for (;;) chain.absent
