/**
 * Who listens to a run, and the JSON that it is given.
 */
import type { FailedEvent } from '../base/events.js'

/** JSON that crossed as one text ("" is undefined), or the value that was put together from pieces. */
export type Json = string | Whole

/** A value whose pieces have all come: with `values: 'text'` its text, otherwise what it is parsed to. */
export class Whole {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** The value of JSON; throws where a text is not JSON. */
export function readJson(json: Json, asText: boolean): unknown {
  if (typeof json !== 'string') {
    return json.value
  }
  return json === '' ? undefined : asText ? json : JSON.parse(json)
}

/** Who listens to a run. Numbers and texts are as in the addon. */
export interface Sink {
  log(level: number, text: string): void
  /** Whether JSON is handed on as text, and never parsed. */
  readonly asText: boolean
  call(id: number, tool: number, input: Json): void
  done(json: Json): void
  failed(failure: FailedEvent): void
  waiting(): void
  /** A batch has been read: the user's code may run from here on. Must not throw. */
  flush(): void
  /** Whether no tool is called any more: of calls only their names are told, and inputs that come in
   *  pieces need not be fetched. */
  skipsInputs(): boolean
  /** Whether what there is beyond this batch is to be read without being asked for. */
  wantsMore(): boolean
  /** The context may have something to read. */
  wake(): void
}
