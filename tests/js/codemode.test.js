// With TanStack AI's own Code Mode.
// @ts-check
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { toolDefinition } from '@tanstack/ai'
import { createCodeMode, createCodeModeTool } from '@tanstack/ai-code-mode'
import { z } from 'zod'

import { DRIVERS } from './support.js'

const getTemperature = toolDefinition({
  name: 'getTemperature',
  description: 'The temperature of a city in degrees',
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.object({ degrees: z.number() }),
}).server(async ({ city }) => {
  if (city === 'Atlantis') {
    throw new Error('no such city')
  }
  return { degrees: city.length }
})

for (const [name, createDriver] of DRIVERS) {
  /** @param {string} typescriptCode @param {object} [context] */
  const run = async (typescriptCode, context) => {
    const tool = createCodeModeTool({ driver: createDriver(), tools: [getTemperature] })
    return /** @type {any} */ (tool.execute)?.({ typescriptCode }, context)
  }

  describe(`${name} in createCodeMode`, () => {
    test('it makes a tool and a system prompt', () => {
      const { tools, systemPrompt } = /** @type {any} */ (
        createCodeMode({ driver: createDriver(), tools: [getTemperature] })
      )
      assert.equal(tools[0].name, 'execute_typescript')
      assert.match(systemPrompt, /external_getTemperature/)
    })

    test('a TypeScript program with parallel tool calls', async () => {
      const result = await run(`
        interface Place { city: string; degrees: number }
        const cities: string[] = ['Rome', 'Oslo', 'Madrid']
        const places: Place[] = await Promise.all(cities.map(async (city: string) => ({
          city, ...(await external_getTemperature({ city })),
        })))
        console.log('asked for', places.length)
        console.error('warmest last')
        return places.sort((a, b) => a.degrees - b.degrees).map((p) => p.city)
      `)
      assert.equal(result.success, true, JSON.stringify(result))
      assert.deepEqual(result.result, ['Rome', 'Oslo', 'Madrid'])
      assert.deepEqual(result.logs, ['asked for 3', 'ERROR: warmest last'])
    })

    test("a tool's failure can be caught, and its validation too", async () => {
      const result = await run(`
        const messages: string[] = []
        for (const input of [{ city: 'Atlantis' }, { town: 'x' } as any]) {
          try { await external_getTemperature(input) } catch (e) { messages.push((e as Error).message) }
        }
        return messages
      `)
      assert.equal(result.success, true, JSON.stringify(result))
      assert.equal(result.result[0], 'no such city')
      assert.match(result.result[1], /validation failed/i)
    })

    test('an uncaught error', async () => {
      const result = await run("throw new RangeError('too hot')")
      assert.equal(result.success, false)
      assert.deepEqual(
        { name: result.error.name, message: result.error.message.split('\n')[0] },
        { name: 'RangeError', message: 'too hot' },
      )
    })

    test('events of calls and of the console', async () => {
      /** @type {string[]} */
      const events = []
      const emitCustomEvent = (/** @type {string} */ type, /** @type {any} */ data) =>
        events.push(data.level === undefined ? type : `${type} ${data.level} ${data.message}`)
      await run("console.warn('w'); return external_getTemperature({ city: 'Rome' })", {
        emitCustomEvent,
      })
      assert.deepEqual(events, [
        'code_mode:execution_started',
        'code_mode:external_call',
        'code_mode:external_result',
        'code_mode:console warn w',
      ])
    })
  })
}
