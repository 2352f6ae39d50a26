// attack: a linked list of 200,000 objects is dropped, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
const length = 2e5
console.log('begin')
for (;;) {
  let list = null
  for (let i = 0; i < length; i++) list = { list }
}
