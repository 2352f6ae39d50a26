// attack: printing a large value, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const large = Array.from({ length: 2e5 }, (_, i) => ({ i }))
console.log('begin')
for (;;) console.log(large)
