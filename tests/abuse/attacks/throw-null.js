// attack: throw null
// expect: failed guest_error
throw null
