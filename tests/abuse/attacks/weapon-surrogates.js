// attack: a tool's answer holds escaped lone surrogates and NULs
// expect: done "contained"
const value = await weapon('surrogates')
return value.length === 3 && value.charCodeAt(0) === 0xd800 && value.charCodeAt(1) === 0 ? 'contained' : JSON.stringify(value)
