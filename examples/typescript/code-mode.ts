/** A program as a model writes it, in TypeScript, run by Code Mode; and one with a mistake. */
import { createIsolateDriver, transpile } from '@hutch/isolate/tanstack'
import { toolDefinition } from '@tanstack/ai'
import { type CodeModeToolResult, createCodeMode } from '@tanstack/ai-code-mode'
import { z } from 'zod'

const getTemperature = toolDefinition({
  name: 'getTemperature',
  description: 'The temperature of a city',
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.object({ degrees: z.number() }),
}).server(async ({ city }) => ({ degrees: city.length }))

const { tool } = createCodeMode({
  driver: createIsolateDriver(),
  tools: [getTemperature],
  transpile,
})

async function run(typescriptCode: string): Promise<void> {
  const output = (await tool.execute?.({ typescriptCode })) as CodeModeToolResult
  const { result, error } = output
  console.log(error === undefined ? result : `${error.name}: ${error.message}`)
}

await run(`
interface Reading { city: string; degrees: number }

const cities = ['Rome', 'Oslo', 'Madrid'] as const
const readings: Reading[] = await Promise.all(cities.map(async (city): Promise<Reading> => ({
  city,
  ...(await external_getTemperature({ city })),
})))
return readings.sort((a, b) => b.degrees - a.degrees)[0]!.city`)

await run(`
type Input = { city: string }

async function ask(input: Input): Promise<number> {
  return (await getTemperature(input)).degrees
}
return await ask({ city: 'Rome' })`)
