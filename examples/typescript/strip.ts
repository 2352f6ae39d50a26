/** The JavaScript of a program, every token where it was. */
import { stripTypes } from '@hutch/isolate/strip'

console.log(
  stripTypes(`interface Row { id: number }
const rows = (await list()) as Row[]
return rows.map((row: Row): number => row.id!)`),
)

try {
  stripTypes('const answer: = 42')
} catch (error) {
  const { line, column, message, excerpt } = error as import('@hutch/isolate/strip').StripError
  console.log(`${line}:${column}: ${message}\n${excerpt}`)
}
