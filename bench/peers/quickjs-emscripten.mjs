/**
 * QuickJS as WebAssembly, used as well as its users can: the synchronous
 * release build, one module for all contexts, a new runtime and context for
 * each fresh one, tools as promises which the host settles. Values cross as JSON
 * texts, which was faster than handles.
 */

import { LIMITS } from './peers.mjs'

/** @typedef {import('quickjs-emscripten').QuickJSContext} QuickJSContext */

/** @type {import('./peers.mjs').Peer} */
export const peer = {
  title: 'quickjs-emscripten',
  package: 'quickjs-emscripten',
  kind: 'WebAssembly in the host',
  runtimes: ['bun', 'node', 'deno'],
  async load() {
    const { getQuickJS } = await import('quickjs-emscripten')
    return {
      async open(tools) {
        const module = await getQuickJS()
        const runtime = module.newRuntime()
        runtime.setMemoryLimit(LIMITS.memoryBytes)
        runtime.setMaxStackSize(LIMITS.stackBytes)
        const vm = runtime.newContext()
        for (const [name, tool] of Object.entries(tools)) defineTool(vm, name, tool)
        return {
          run: ({ code }) => run(vm, code),
          close: () => {
            vm.dispose()
            runtime.dispose()
          },
        }
      },
    }
  },
}

/**
 * @param {QuickJSContext} vm
 * @param {string} name
 * @param {(input: any) => Promise<unknown>} tool
 */
function defineTool(vm, name, tool) {
  const native = vm.newFunction(name, (json) => {
    const deferred = vm.newPromise()
    const settle = (/** @type {'resolve' | 'reject'} */ verb, /** @type {string} */ text) => {
      const handle = vm.newString(text)
      deferred[verb](handle)
      handle.dispose()
      vm.runtime.executePendingJobs()
    }
    tool(JSON.parse(vm.getString(json))).then(
      (value) => settle('resolve', JSON.stringify(value)),
      (error) => settle('reject', String(error)),
    )
    return deferred.handle
  })
  vm.setProp(vm.global, `__${name}`, native)
  native.dispose()
  const wrapper = `globalThis.${name} = async (input) =>
    JSON.parse(await __${name}(JSON.stringify(input ?? {})))`
  vm.unwrapResult(vm.evalCode(wrapper)).dispose()
}

/** @param {QuickJSContext} vm @param {string} code @returns {Promise<unknown>} */
async function run(vm, code) {
  const deadline = Date.now() + LIMITS.milliseconds
  vm.runtime.setInterruptHandler(() => Date.now() > deadline)
  const wrapped = `(async () => JSON.stringify(await (async () => {\n${code}\n})()))()`
  const promise = vm.unwrapResult(vm.evalCode(wrapped))
  const settled = vm.resolvePromise(promise)
  promise.dispose()
  vm.runtime.executePendingJobs()
  const json = vm.unwrapResult(await settled)
  const text = vm.dump(json)
  json.dispose()
  return text === undefined ? undefined : JSON.parse(text)
}
