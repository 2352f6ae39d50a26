// title: A regular expression that backtracks for ever, in the engine's own C
// expect: TimeoutError
// timeout: 400
const places = await external_listPlaces({ country: 'LI', limit: 100 })
const names: string = places.map(({ name }) => name).join(' ')

console.log(`looking through ${names.length} characters`)
return /^(?:(?:\p{L}+\s*)+)+$/u.test(`${names} ${'a'.repeat(64)}!`)
