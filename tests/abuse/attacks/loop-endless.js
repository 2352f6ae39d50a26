// attack: an endless loop
// timeout: 300
// expect: failed timeout TimeoutError
while (true) {}
