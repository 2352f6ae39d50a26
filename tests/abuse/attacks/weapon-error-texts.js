// attack: a tool fails with a name, message and code of a million characters with NULs
// expect: done "caught"
try { await weapon('error') } catch (error) { return error instanceof Error && error.message.length > 1000 ? 'caught' : String(error) }
return 'no error'
