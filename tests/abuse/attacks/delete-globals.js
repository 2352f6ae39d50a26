// attack: delete every global and every property of the intrinsics
// expect: done
const ownKeys = Reflect.ownKeys
const holders = [Promise, Promise.prototype, Array.prototype, Object.prototype, Function.prototype, Error.prototype, JSON, globalThis]
for (let i = 0; i < holders.length; i++) {
  const keys = ownKeys(holders[i])
  for (let k = 0; k < keys.length; k++) { try { delete holders[i][keys[k]] } catch {} }
}
