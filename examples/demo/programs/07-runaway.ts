// title: A loop without an end meets its deadline, and the host does not notice
// expect: TimeoutError
// timeout: 400
const [rome] = await external_searchPlaces({ name: 'Rome', country: 'IT' })
console.log(`starting from ${rome?.name}`)

Array.prototype.map = () => ['spoilt by an earlier program']
Object.assign(globalThis, { leftBehind: rome })

let steps = 0
while (steps >= 0) steps = (steps + 1) % 1_000_000
return steps
