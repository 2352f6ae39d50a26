/**
 * Trust domains that have a name. The C library knows domains by numbers; those
 * of names are below 0, each given once by the addon, so that two names never share one and
 * no name shares one with a number of the caller's.
 *
 * The table is bounded. When it is full, the name that was entered first loses
 * its number, and gets a new one when it comes again: its contexts then begin
 * with other workers, which is always safe.
 */
import { loadNative } from '../addon/native.js'
import { describeValue } from '../base/errors.js'

/** Longest name, in UTF-16 units. */
const NAME_MOST = 256
/** Most names that are remembered. */
const NAMES_MOST = 65536

/** Throws unless `value` can be the name of a trust domain. */
export function checkDomainName(value: unknown): string {
  const expected = `trustDomain must be a name of 1 to ${NAME_MOST} characters, `
  if (typeof value !== 'string') {
    throw new TypeError(`${expected}got ${describeValue(value)}`)
  }
  if (value.length < 1 || value.length > NAME_MOST) {
    throw new RangeError(`${expected}got a name of ${value.length}`)
  }
  return value
}

export class TrustDomains {
  readonly #numbers = new Map<string, number>()

  /** The number of a domain. Throws as checkDomainName(). */
  numberOf(value: unknown): number {
    const name = checkDomainName(value)
    const known = this.#numbers.get(name)
    if (known !== undefined) {
      return known
    }
    if (this.#numbers.size >= NAMES_MOST) {
      const [first] = this.#numbers.keys()
      this.#numbers.delete(first as string)
    }
    const number = this.unnamed()
    this.#numbers.set(name, number)
    return number
  }

  /** The number of a domain that has no name, and that nobody else gets. */
  unnamed(): number {
    return loadNative().domainNew()
  }
}
