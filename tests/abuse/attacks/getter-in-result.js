// attack: a getter in the result throws
// expect: failed guest_error
return { get a() { throw new RangeError('from a getter') } }
