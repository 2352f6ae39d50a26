/*
 * Imports and exports.
 * Most rows are what ts-blank-space makes of the same source, byte for byte.
 */
#include "rows.h"

static const strip_row rows[] = {
    {"imports of types",
     "import type A from 'a'\n"
     "import type { B } from 'b';\n"
     "import type * as C from 'c'",
     "                      \n"
     "                           \n"
     "                           "},
    {"specifiers of types", "import D, { type A, type B as C, E, type F } from 'a'",
     "import D, {                      E,        } from 'a'"},
    {"words in specifiers",
     "import { type, type as a, type as as, type as as as, type as b } from 'a'",
     "import { type, type as a, type as as,                type as b } from 'a'"},
    {"type as a name",
     "import type from 'a'\n"
     "import type, { b } from 'c'",
     NULL},
    {"type from", "import type from from 'a'", "                         "},
    {"exports of types",
     "export type { A, B as C }\n"
     "export type { D } from 'd'\n"
     "export type * from 'e'\n"
     "export type * as F from 'f'",
     "                         \n"
     "                          \n"
     "                      \n"
     "                           "},
    {"specifiers of exports", "export { type A, b, type C as D } from 'a'; export { e, type F }",
     "export {         b,             } from 'a'; export { e,        }"},
    {"exported declarations",
     "export interface A {}\n"
     "export type B = C\n"
     "export declare const d: D\n"
     "export abstract class E { abstract f(): void }\n"
     "export const g: G = 1\n"
     "export function h(): void {}\n"
     "export async function i() {}\n"
     "export class J<T> {}",
     "                     \n"
     "                 \n"
     "                         \n"
     "export          class E {                    }\n"
     "export const g    = 1\n"
     "export function h()       {}\n"
     "export async function i() {}\n"
     "export class J    {}"},
    {"default exports", "export default interface A {}\n", "                             \n"},
    {"a default class", "export default abstract class A<T> {}",
     "export default          class A    {}"},
    {"a default function with overloads",
     "export default function f(a: string): void\n"
     "export default function f(a: any) {}",
     "                                          \n"
     "export default function f(a     ) {}"},
    {"a default expression", "export default x as T", "export default x;    "},
    {"attributes",
     "import a from 'a' with { type: 'json' }\n"
     "export * from 'b' with { type: 'json' }\n"
     "import 'c'",
     NULL},
    {"a name for scripts", "export as namespace A;", "                      "},
    {"strings as names", "import { 'a-b' as c, type 'd-e' as F } from 'a'",
     "import { 'a-b' as c,                 } from 'a'"},
    {"calls of import", "const a = await import('a') as T; import('b'); import.meta.c",
     "const a = await import('a')     ; import('b'); import.meta.c"},
    {"deferred", "import defer * as a from 'a'", NULL},
};

int main(void) {
    return strip_rows_run(rows, sizeof rows / sizeof rows[0], STRIP_PLACES_STAY);
}
