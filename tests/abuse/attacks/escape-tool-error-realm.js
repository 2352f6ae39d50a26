// attack: a tool's error carries a prototype, a stack or a property of the host
// expect: done "contained"
try {
  await fail({ message: 'no' })
} catch (error) {
  const mine = error instanceof Error && Object.getPrototypeOf(error).constructor === Error
  const clean = !/node:|\.c:|\/work\/|hutch/.test(String(error.stack))
  return mine && clean ? 'contained' : String(error.stack)
}
return 'no error'
