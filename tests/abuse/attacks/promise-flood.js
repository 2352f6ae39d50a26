// attack: promises that make more promises for ever
// timeout: 500
// memory: 67108864
// expect: failed *
const bomb = () => { Promise.resolve().then(bomb); Promise.resolve().then(bomb) }
bomb()
await new Promise(() => {})
