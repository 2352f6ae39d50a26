// attack: lone surrogates and NULs in name, message and stack
// expect: failed guest_error
const error = new Error('\ud800 \0 \udfff')
error.name = '\udc00\0'
error.stack = '\ud83d'
throw error
