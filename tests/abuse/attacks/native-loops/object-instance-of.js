// attack: instanceof along many prototypes, in a loop
// polls: rarely
// expect: failed timeout TimeoutError
class Absent {}
let chain = {}
for (let i = 0; i < 3e5; i++) chain = Object.create(chain)
console.log('begin')
for (;;) chain instanceof Absent
