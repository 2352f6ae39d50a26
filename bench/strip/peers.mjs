/**
 * Everyone who is measured, each as the quickest function from TypeScript to JavaScript that its
 * package offers without source maps. All do the same work: no lowering, no guesses about imports.
 *
 * @typedef {object} Peer
 * @property {string} title
 * @property {string} [package]  whose version is told
 * @property {string} kind       what runs
 * @property {(text: string) => string | Promise<string>} strip  throws what it cannot do
 */

import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** @returns {Promise<Peer>} */
async function sucrase() {
  const { transform } = require('sucrase')
  /** @type {import('sucrase').Options} */
  const options = { transforms: ['typescript'], disableESTransforms: true, keepUnusedImports: true }
  return {
    title: 'sucrase',
    package: 'sucrase',
    kind: 'JavaScript',
    strip: (text) => transform(text, options).code,
  }
}

/** @returns {Promise<Peer>} */
async function tsBlankSpace() {
  const { default: strip } = await import('ts-blank-space')
  const refuse = () => {
    throw new Error('ts-blank-space does not succeed')
  }
  return {
    title: 'ts-blank-space',
    package: 'ts-blank-space',
    kind: 'JavaScript, the parser of typescript',
    strip: (text) => strip(text, refuse),
  }
}

/** @returns {Promise<Peer>} */
async function esbuild() {
  const { transform } = await import('esbuild')
  /** @type {import('esbuild').TransformOptions} */
  const options = {
    loader: 'ts',
    target: 'esnext',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  }
  return {
    title: 'esbuild',
    package: 'esbuild',
    kind: 'Go, a process of its own',
    strip: async (text) => (await transform(text, options)).code,
  }
}

/** @returns {Promise<Peer>} */
async function amaro() {
  const { transformSync } = require('amaro')
  const options = /** @type {const} */ ({ mode: 'strip-only' })
  return {
    title: 'amaro',
    package: 'amaro',
    kind: 'swc in WebAssembly, as Node.js has it',
    strip: (text) => transformSync(text, options).code,
  }
}

/** @returns {Promise<Peer>} */
async function swc() {
  const { transformSync } = require('@swc/core')
  /** @type {import('@swc/core').Options} */
  const options = {
    swcrc: false,
    configFile: false,
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      target: 'esnext',
      transform: { verbatimModuleSyntax: true },
    },
  }
  return {
    title: 'swc',
    package: '@swc/core',
    kind: 'Rust, in the process',
    strip: (text) => transformSync(text, options).code,
  }
}

/** @returns {Promise<Peer>} */
async function oxc() {
  const { transformSync } = require('oxc-transform')
  /** @type {import('oxc-transform').TransformOptions} */
  const options = { lang: 'ts', sourceType: 'module', typescript: { onlyRemoveTypeImports: true } }
  return {
    title: 'oxc',
    package: 'oxc-transform',
    kind: 'Rust, in the process',
    strip: (text) => {
      const { code, errors } = transformSync('module.ts', text, options)
      if (errors[0] !== undefined) throw new Error(errors[0].message)
      return code
    },
  }
}

/** @returns {Promise<Peer>} from JavaScript, as the package has it */
async function hutchPackage() {
  const file = new URL('../../js/dist/strip.js', import.meta.url)
  const { stripTypes } = await import(file.href)
  return {
    title: 'hutch, @hutch/isolate/strip',
    kind: 'C, in the process',
    strip: (text) => stripTypes(text, { module: true }),
  }
}

export const loaders = { sucrase, tsBlankSpace, esbuild, amaro, swc, oxc, hutchPackage }
