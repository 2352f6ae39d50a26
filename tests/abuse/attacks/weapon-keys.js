// attack: a tool's answer has 100,000 keys that look like array indices, duplicates and odd names
// expect: done "contained"
const value = await weapon('keys')
return typeof value === 'object' && value.length !== 5 ? 'contained' : 'array'
