/** A program with mistakes that its types tell, before it is run. */
import { checkProgram } from '@hutch/isolate/check'

const tools = `interface External_getTemperatureInput {
  city: string;
}

declare function external_getTemperature(input: External_getTemperatureInput): Promise<{ degrees: number }>;`

const program = `const weather = await external_getTemperature({ town: 'Rome' })
return weather.degree`

for (const { line, column, code, message } of await checkProgram(program, { tools })) {
  console.log(`${line}:${column}: TS${code}: ${message}`)
}
