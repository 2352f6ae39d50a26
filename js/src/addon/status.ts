/**
 * How a call of the addon ended, as the error that the package throws.
 */

import { HutchError } from '../base/errors.js'
import { Header, STATUSES, Status } from '../base/tables.js'
import type { Native } from './native.js'

/** What `code` a status has. */
function statusCode(status: number): string {
  const words = STATUSES[status] ?? 'unknown status'
  return `HUTCH_${words.toUpperCase().replaceAll(' ', '_')}`
}

/** The error for a call into the library that did not end well. */
export function statusError(native: Native, what: string): Error {
  const status = native.header[Header.status] ?? -1
  const detail = native.lastError() || (STATUSES[status] ?? 'unknown status')
  if (status === Status.invalidArgument) {
    return new TypeError(detail)
  }
  return new HutchError(`${what}: ${detail}`, statusCode(status))
}
