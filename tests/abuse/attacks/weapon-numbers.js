// attack: a tool's answer is JSON with numbers beyond every range
// expect: done "contained"
const value = await weapon('numbers')
return value[0] === Infinity && value[1] === -Infinity && value[2] === 0 ? 'contained' : JSON.stringify(value)
