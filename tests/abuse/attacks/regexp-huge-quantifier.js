// attack: a regular expression with huge counts
// timeout: 2000
// expect: contained
try { return new RegExp('(?:(?:a{1,65535}){1,65535}){1,65535}').test('a'.repeat(1000)) } catch { return 'contained' }
