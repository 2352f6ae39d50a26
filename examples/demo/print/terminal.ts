/** What the output may look like: colours only on a terminal that wants them, 80 to 100 columns. */

const { stdout, env } = process

const coloured: boolean =
  stdout.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'

export const width: number = Math.min(100, Math.max(80, stdout.columns ?? 90))

const painter =
  (on: number, off: number) =>
  (text: string): string =>
    coloured ? `\x1b[${on}m${text}\x1b[${off}m` : text

export const bold = painter(1, 22)
export const dim = painter(2, 22)
export const red = painter(31, 39)
export const green = painter(32, 39)
export const yellow = painter(33, 39)
export const cyan = painter(36, 39)

/** One line of text that the next one replaces; nothing where there is no terminal. */
export function transient(text: string): void {
  if (stdout.isTTY) stdout.write(`\r\x1b[K${text}`)
}

export function print(text = ''): void {
  stdout.write(`${text}\n`)
}
