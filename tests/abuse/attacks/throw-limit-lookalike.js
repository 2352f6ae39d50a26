// attack: an error that names itself TimeoutError
// expect: failed guest_error TimeoutError
const error = new Error('not really')
error.name = 'TimeoutError'
throw error
