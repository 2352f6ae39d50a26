/** What is compared with: the compiler's own JavaScript, and that of ts-blank-space. */

import { blankSourceFile } from 'ts-blank-space'
import ts from 'typescript'

const NAME = 'module.ts'

/** Nothing is lowered, and imports stay unless they say that they are of types. */
const COMPILER_OPTIONS = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.Preserve,
  verbatimModuleSyntax: true,
  moduleDetection: ts.ModuleDetectionKind.Force,
  isolatedModules: true,
  useDefineForClassFields: true,
  removeComments: true,
}

/** All is a module, whether it imports something or not. @type {ts.CreateSourceFileOptions} */
const PARSE_OPTIONS = {
  languageVersion: ts.ScriptTarget.ESNext,
  impliedNodeFormat: ts.ModuleKind.ESNext,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  setExternalModuleIndicator: (file) => {
    Object.assign(file, { externalModuleIndicator: true })
  },
}

/** @param {string} text @returns {ts.SourceFile} */
export function parseTypeScript(text) {
  return ts.createSourceFile(NAME, text, PARSE_OPTIONS, true, ts.ScriptKind.TS)
}

/** @param {string} text @returns {ts.SourceFile} */
export function parseJavaScript(text) {
  return ts.createSourceFile('module.js', text, PARSE_OPTIONS, false, ts.ScriptKind.JS)
}

/** @param {ts.SourceFile} file @returns {string | undefined} the first syntax error */
export function syntaxError(file) {
  /** @type {ts.Diagnostic | undefined} */
  const first = /** @type {any} */ (file).parseDiagnostics[0]
  return first && `${first.start}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`
}

/** @param {string} text @returns {string} the compiler's JavaScript */
export function compile(text) {
  return ts.transpileModule(text, { fileName: NAME, compilerOptions: COMPILER_OPTIONS }).outputText
}

/** @param {ts.SourceFile} file @returns {string | undefined} undefined where it does not succeed */
export function blank(file) {
  let isWhole = true
  const text = blankSourceFile(file, () => {
    isWhole = false
  })
  return isWhole ? text : undefined
}
