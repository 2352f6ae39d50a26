// attack: return an object that is 200,000 objects deep
// expect: failed *
let deep = {}
for (let i = 0; i < 200000; i++) deep = { deep }
return deep
