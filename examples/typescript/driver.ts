/** What a program with Code Mode does to have Hutch run what its model writes. */
// #region driver
import { createIsolateDriver } from '@hutch/isolate/tanstack'
import { createCodeMode } from '@tanstack/ai-code-mode'
// #endregion driver
import { myTool } from './shared/my-tool.ts'

// #region driver
const { tools, systemPrompt } = createCodeMode({ driver: createIsolateDriver(), tools: [myTool] })
// #endregion driver

console.log(tools.map(({ name }) => name).join())
console.log(systemPrompt.includes('external_getTemperature'))
