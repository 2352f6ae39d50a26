const users = [{ name: 'Ada' }, { nmae: 'Grace' }]

function shout(user) {
  return user.name.toUpperCase()
}

return users.map(shout)
