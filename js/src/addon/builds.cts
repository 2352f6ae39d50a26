/**
 * The packages that hold the addon, each asked for by its name as it stands: a
 * plain `require` of a literal is what every bundler follows, and CommonJS is
 * where they all expect one. Inside one `try`, so that none of them fails
 * because a package for another system is not installed.
 */

/** What `require` gave: the addon, or its path where a bundler made a file of it; or why it failed. */
export interface Required {
  readonly found?: unknown
  readonly failed?: unknown
}

/** @param name  a package of the table in platform.ts */
export function requireBuild(name: string): Required {
  try {
    switch (name) {
      case '@hutch/isolate-linux-x64':
        return { found: require('@hutch/isolate-linux-x64') }
      case '@hutch/isolate-linux-x64-musl':
        return { found: require('@hutch/isolate-linux-x64-musl') }
      case '@hutch/isolate-linux-arm64':
        return { found: require('@hutch/isolate-linux-arm64') }
      case '@hutch/isolate-linux-arm64-musl':
        return { found: require('@hutch/isolate-linux-arm64-musl') }
      default:
        return { failed: new Error(`no such package: ${name}`) }
    }
  } catch (failed) {
    return { failed }
  }
}
