// Both readings are taken at the same time.
const [kitchen, cellar] = await Promise.all([
  reading({ room: 'kitchen' }),
  reading({ room: 'cellar' }),
])
const warmest = kitchen.celsius > cellar.celsius ? kitchen : cellar
try {
  await notify(`warmest: ${warmest.room}`)
} catch (error) {
  console.error(error.code, error.message)
}
return { warmest: warmest.room, difference: kitchen.celsius - cellar.celsius }
