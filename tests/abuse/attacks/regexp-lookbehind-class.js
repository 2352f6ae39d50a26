// attack: a regular expression with a class of every code point, ignoring case
// timeout: 5000
// expect: contained
return new RegExp('[\\u{0}-\\u{10ffff}]'.repeat(2000), 'iu').test('x')
