// attack: the message of the thrown error never ends
// timeout: 300
// expect: failed *
throw { get message() { for (;;) {} } }
