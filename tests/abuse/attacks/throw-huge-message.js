// attack: an error message of 30 MB
// expect: failed guest_error
throw new Error('x'.repeat(30 * 1024 * 1024))
