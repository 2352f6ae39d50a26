/** The command line of the demo: one table, from which parsing and --help are made. */

export interface Options {
  short: boolean
  list: boolean
  help: boolean
  /** Names, or the beginnings of names, of programs to run; empty means all. */
  only: string[]
}

const FLAGS = {
  '--short': { key: 'short', help: 'one line a program' },
  '--list': { key: 'list', help: 'say which programs there are, run none' },
  '--help': { key: 'help', help: 'this text' },
} as const

/** @throws Error that names the argument which is not known */
export function parseOptions(words: string[]): Options {
  const options: Options = { short: false, list: false, help: false, only: [] }
  for (const word of words) {
    if (!word.startsWith('-')) options.only.push(word)
    else if (word in FLAGS) options[FLAGS[word as keyof typeof FLAGS].key] = true
    else throw new Error(`Unknown option ${word}; expected ${Object.keys(FLAGS).join(', ')}`)
  }
  return options
}

export function helpText(): string {
  const lines = Object.entries(FLAGS).map(([flag, { help }]) => `  ${flag.padEnd(9)} ${help}`)
  return [
    'Usage: script/demo [--runtime bun|node|deno] [options] [program ...]',
    '',
    'Runs the programs of examples/demo/programs, or those whose names begin as given,',
    "through TanStack AI's Code Mode with Hutch as its driver.",
    '',
    ...lines,
  ].join('\n')
}
