/** The same, where programs are TypeScript until the worker has them. */
// #region transpile
import { createIsolateDriver, transpile } from '@hutch/isolate/tanstack'
import { createCodeMode } from '@tanstack/ai-code-mode'
// #endregion transpile
import { myTool } from './shared/my-tool.ts'

// #region transpile
const { tools, systemPrompt } = createCodeMode({
  driver: createIsolateDriver(),
  tools: [myTool],
  transpile, // the driver takes TypeScript
})
// #endregion transpile

console.log(tools.map(({ name }) => name).join())
console.log(systemPrompt.includes('external_getTemperature'))
