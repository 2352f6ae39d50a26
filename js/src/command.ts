#!/usr/bin/env node
/**
 * What npm installs as `hutch`: it becomes the native command, which lies
 * beside this file or in the package for this platform. Where the runtime
 * cannot become another program, it starts that, and passes on what it is told
 * by signals.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { type Build, buildsHere, isNotFound, notInstalled } from './addon/platform.js'

/** As the command ends where this machine cannot run a program: see `hutch help run`. */
const EXIT_HOST = 4
const FOLDER = dirname(fileURLToPath(import.meta.url))
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The path of the command in a package; undefined: that is not installed. */
function commandIn({ name }: Build): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`${name}/hutch`)
  } catch (error) {
    if (isNotFound(error)) {
      return undefined
    }
    throw error
  }
}

function findCommand(): string {
  const beside = join(FOLDER, 'hutch')
  if (existsSync(beside)) {
    return beside
  }
  const builds = buildsHere()
  // Some package managers install those for both C libraries.
  const first = builds.filter(({ loader }) => existsSync(loader))
  const found = [...first, ...builds].map(commandIn).find((path) => path !== undefined)
  if (found === undefined) {
    throw new Error(notInstalled(builds))
  }
  return found
}

/** Does not return where the runtime can do it. */
function become(command: string, words: readonly string[], environment: NodeJS.ProcessEnv): void {
  const { execve } = process as { execve?: (file: string, words: string[], env: object) => void }
  if (execve !== undefined) {
    execve.call(process, command, [command, ...words], environment)
  }
}

function start(command: string, words: readonly string[], environment: NodeJS.ProcessEnv): void {
  const child = spawn(command, words, { stdio: 'inherit', env: environment })
  for (const signal of PASSED_ON) {
    process.on(signal, () => child.kill(signal))
  }
  child.on('error', complain)
  child.on('exit', (status, signal) => {
    process.exit(status ?? 128 + (signal === null ? 0 : constants.signals[signal]))
  })
}

function complain(error: unknown): void {
  console.error(`hutch: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = EXIT_HOST
}

try {
  const command = findCommand()
  const words = process.argv.slice(2)
  // `hutch check` is done by this package.
  const environment = { ...process.env, HUTCH_PACKAGE: FOLDER }
  become(command, words, environment)
  start(command, words, environment)
} catch (error) {
  complain(error)
}
