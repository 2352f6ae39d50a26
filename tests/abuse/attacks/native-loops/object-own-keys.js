// attack: sorting the keys that are numbers, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const large = {}
for (let i = 0; i < 2e5; i++) large[(i * 7919) % 200003] = i
console.log('begin')
for (;;) Reflect.ownKeys(large)
