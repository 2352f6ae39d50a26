interface Reading {
  room: string
  celsius: number
}

const rooms = ['kitchen', 'cellar'] as const
const readings = await Promise.all(
  rooms.map(async (room): Promise<Reading> => ({ room, ...(await reading({ room })) })),
)
return readings.map(({ room, celsius }: Reading) => `${room}: ${celsius!.toFixed(1)}`)
