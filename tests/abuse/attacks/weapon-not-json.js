// attack: a tool's answer is no JSON
// expect: done "caught"
try { await weapon('broken') } catch (error) { return error instanceof Error ? 'caught' : String(error) }
return 'accepted'
