/** A tool of a program with TanStack AI. */
import { toolDefinition } from '@tanstack/ai'
import { z } from 'zod'

export const myTool = toolDefinition({
  name: 'getTemperature',
  description: 'The temperature of a city',
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.object({ degrees: z.number() }),
}).server(async ({ city }) => ({ degrees: city.length }))
