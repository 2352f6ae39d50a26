// attack: terminal escapes in the console
// expect: done "contained"
console.log('\u001b]0;owned\u0007\u001b[2J\u001b[1;1H\r\b\u009b31m')
console.error('\u001b]8;;file:///etc/passwd\u001b\\click\u001b]8;;\u001b\\')
return 'contained'
