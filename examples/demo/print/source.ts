/** TypeScript with a little colour: enough to read it by, no parser. */

import { cyan, dim, green, yellow } from './terminal.ts'

const TOKENS =
  /(?<comment>\/\/.*)|(?<text>'[^'\n]*'|`[^`\n]*`)|(?<tool>\bexternal_\w+)|(?<word>\b(?:as|async|await|break|catch|class|const|continue|else|enum|for|function|if|in|interface|let|new|of|private|readonly|return|throw|try|type|typeof|while)\b)/g

export function highlight(code: string): string {
  return code.replace(TOKENS, (token: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string | undefined>
    if (groups.comment !== undefined) return dim(token)
    if (groups.text !== undefined) return green(token)
    return groups.tool === undefined ? cyan(token) : yellow(token)
  })
}
