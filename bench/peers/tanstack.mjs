/** Any driver of TanStack AI's Code Mode as a sandbox of the bench. */

/**
 * @param {import('@tanstack/ai-code-mode').IsolateDriver} driver
 * @returns {import('./peers.mjs').Sandbox}
 */
export function sandboxOf(driver) {
  return {
    async open(tools) {
      const bindings = Object.fromEntries(
        Object.entries(tools).map(([name, execute]) => [
          name,
          { name, description: name, inputSchema: {}, execute },
        ]),
      )
      const context = await driver.createContext({ bindings })
      return {
        async run({ code }) {
          const result = await context.execute(code)
          if (!result.success) throw new Error(`${result.error?.name}: ${result.error?.message}`)
          return result.value
        },
        close: () => context.dispose(),
      }
    },
  }
}
