/**
 * Runs one program exactly as a model's call would run it: through the
 * execute_typescript tool of createCodeMode. Listens to the events of Code
 * Mode, and keeps a 5 ms timer going, to see whether the host is held up.
 */

import { transpile } from '@hutch/isolate/tanstack'
import type { CodeModeTool, CodeModeToolResult, IsolateDriver } from '@tanstack/ai-code-mode'
import { createCodeMode } from '@tanstack/ai-code-mode'
import type { Program } from './program.ts'

/** One tool call; times in milliseconds since the program was sent. */
export interface Call {
  tool: string
  begin: number
  /** NaN while the tool has not answered. */
  end: number
  failed: boolean
}

/** What a timer of 5 ms saw of the host's event loop meanwhile. */
export interface Beat {
  ticks: number
  /** Milliseconds. */
  longestGap: number
}

export interface Run {
  program: Program
  outcome: CodeModeToolResult
  calls: Call[]
  /** Milliseconds, from sending the program to having its result. */
  time: number
  /** What of `time` was spent before the driver was asked, in createContext, and in execute. */
  parts: { before: number; context: number; execute: number }
  beat: Beat
}

const BEAT_MILLISECONDS = 5

export async function runProgram(
  driver: IsolateDriver,
  tools: CodeModeTool[],
  program: Program,
): Promise<Run> {
  const { timeout, memory: memoryLimit } = program
  const parts = { before: 0, context: 0, execute: 0 }
  const timed = timedDriver(driver, parts)
  const { tool } = createCodeMode({ driver: timed, tools, timeout, memoryLimit, transpile })
  if (tool.execute === undefined) throw new Error('execute_typescript has no execute function')

  const beat = startBeat()
  const begin = performance.now()
  const recorder = new CallRecorder(begin)
  const context = { emitCustomEvent: recorder.listen } as Parameters<typeof tool.execute>[1]
  const outcome = await tool.execute({ typescriptCode: program.code }, context)
  const time = performance.now() - begin
  return {
    program,
    outcome: outcome as CodeModeToolResult,
    calls: recorder.calls,
    time,
    parts: { ...parts, before: parts.before - begin },
    beat: beat.stop(),
  }
}

/** The same driver, which notes when it was asked and how long it took. */
function timedDriver(driver: IsolateDriver, parts: Run['parts']): IsolateDriver {
  return {
    async createContext(config) {
      parts.before = performance.now()
      const context = await driver.createContext(config)
      parts.context = performance.now() - parts.before
      return {
        async execute(code) {
          const begin = performance.now()
          const result = await context.execute(code)
          parts.execute = performance.now() - begin
          return result as never
        },
        dispose: () => context.dispose(),
      }
    },
  }
}

/**
 * Makes calls of events. An event names its tool but not its call, so that of
 * several open calls of one tool the oldest is taken to be the one answered.
 */
class CallRecorder {
  readonly calls: Call[] = []
  private readonly origin: number

  /** @param origin when the program was sent, by performance.now() */
  constructor(origin: number) {
    this.origin = origin
  }

  readonly listen = (event: string, value: Record<string, unknown>): void => {
    const now = performance.now() - this.origin
    const tool = String(value.function)
    if (event === 'code_mode:external_call') {
      this.calls.push({ tool, begin: now, end: Number.NaN, failed: false })
    }
    if (event === 'code_mode:external_result' || event === 'code_mode:external_error') {
      const open = this.calls.find((call) => call.tool === tool && Number.isNaN(call.end))
      if (open === undefined) return
      open.end = now
      open.failed = event === 'code_mode:external_error'
    }
  }
}

function startBeat(): { stop(): Beat } {
  let last = performance.now()
  let ticks = 0
  let longestGap = 0
  const look = (): void => {
    const now = performance.now()
    longestGap = Math.max(longestGap, now - last)
    last = now
  }
  const timer = setInterval(() => {
    ticks += 1
    look()
  }, BEAT_MILLISECONDS)
  return {
    stop() {
      clearInterval(timer)
      look()
      return { ticks, longestGap }
    },
  }
}
