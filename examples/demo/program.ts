/**
 * A program as a model would send it: a file of programs/, whose first comment
 * lines say what it is about, how it must end, and under which limits it runs.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Program {
  /** The file's name without its extension. */
  name: string
  title: string
  /** 'success', or the name of the error that it must end with. */
  expect: string
  /** Milliseconds. */
  timeout: number
  /** Megabytes. */
  memory: number
  /** What is sent to execute_typescript: the file without its header. */
  code: string
}

const HEADER_LINE = /^\/\/ (\w+): (.*)$/

/** All programs of a folder, in the order of their names. */
export function loadPrograms(folder: string): Program[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => parse(file, readFileSync(join(folder, file), 'utf8')))
}

function parse(file: string, text: string): Program {
  const lines = text.trimEnd().split('\n')
  const header = new Map<string, string>()
  for (let match = HEADER_LINE.exec(lines[0] ?? ''); match; ) {
    header.set(match[1], match[2])
    lines.shift()
    match = HEADER_LINE.exec(lines[0] ?? '')
  }
  const required = (key: string): string => {
    const value = header.get(key)
    if (value === undefined) throw new Error(`${file}: the header has no line "// ${key}: ..."`)
    return value
  }
  return {
    name: file.replace(/\.ts$/, ''),
    title: required('title'),
    expect: required('expect'),
    timeout: Number(header.get('timeout') ?? 10_000),
    memory: Number(header.get('memory') ?? 128),
    code: lines.join('\n'),
  }
}
