// attack: Symbol.species makes a tool result an object of the guest's class
// expect: done "contained"
let made = 0
class Evil extends Promise { constructor(f) { super(f); made++ } static get [Symbol.species]() { return Evil } }
Object.defineProperty(Promise, Symbol.species, { get() { return Evil }, configurable: true })
const value = await echo({ a: 1 })
return value.a === 1 ? 'contained' : String(made)
