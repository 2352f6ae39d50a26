/*
 * Classes: modifiers, fields, overloads, and what a field would go on with.
 * Most rows are what ts-blank-space makes of the same source, byte for byte.
 */
#include "rows.h"

static const strip_row rows[] = {
    {"modifiers", "class A { private a; protected static readonly b = 1; public override c() {} }",
     "class A {         a;           static          b = 1;                 c() {} }"},
    {"fields with types", "class A { a: T; b?: U = 1; c!: V; 'd': W; [e]: X; #f: Y = 2 }",
     "class A { a   ; b     = 1; c    ; 'd'   ; [e]   ; #f    = 2 }"},
    {"declared fields",
     "class A { declare a: T; declare readonly b: U\n"
     " c = 1 }",
     "class A {                                    \n"
     " c = 1 }"},
    {"an abstract class",
     "abstract class A<T> extends B<T> { abstract a: T; abstract b(): void; abstract get c(): T; "
     "d() {} }",
     "         class A    extends B    { ;                                                       "
     "d() {} }"},
    {"overloads",
     "class A { constructor(a: string); constructor(a: any) {} b(): void; b(c?: T): void {} }",
     "class A {                         constructor(a     ) {}            b(c    )       {} }"},
    {"index signatures",
     "class A { [k: string]: T; static [k: string]: T; readonly [k: string]: T }",
     "class A {                                                                }"},
    {"implements", "class A implements B, C.D<E> {}", "class A                      {}"},
    {"extends with types", "class A extends f<T>(B)<U> implements C {}",
     "class A extends f   (B)                 {}"},
    {"accessors",
     "class A { get a(): T { return 1 } set a(v: T) {} static get b(): U { return 2 } accessor c: "
     "V = 1 }",
     "class A { get a()    { return 1 } set a(v   ) {} static get b()    { return 2 } accessor c   "
     " = 1 }"},
    {"words as names",
     "class A { type; as: T; readonly; declare = 1; abstract() {} static; get; set = 1; async; "
     "public: U; accessor }",
     "class A { type; as   ; readonly; declare = 1; abstract() {} static; get; set = 1; async; "
     "public   ; accessor }"},
    {"static blocks", "class A { static { let x: T = 1 } static static: T }",
     "class A { static { let x    = 1 } static static    }"},
    {"generators and async methods",
     "class A { *a<T>() {} async b(): Promise<T> {} async *c() {} private async *d() {} }",
     "class A { *a   () {} async b()             {} async *c() {}         async *d() {} }"},
    {"a computed name after a field",
     "class A {\n"
     "  a = 1\n"
     "  public ['b'] = 2\n"
     "}",
     "class A {\n"
     "  a = 1\n"
     "  ;      ['b'] = 2\n"
     "}"},
    {"a generator after a field",
     "class A {\n"
     "  a = 1\n"
     "  public *b() {}\n"
     "}",
     "class A {\n"
     "  a = 1\n"
     "  ;      *b() {}\n"
     "}"},
    {"a field called in after a field",
     "class A {\n"
     "  a = 1\n"
     "  private in = 2\n"
     "}",
     "class A {\n"
     "  a = 1\n"
     "  ;       in = 2\n"
     "}"},
    {"a declared field after a field",
     "class A {\n"
     "  a = 1\n"
     "  declare b: T\n"
     "  ['c'] = 2\n"
     "}",
     "class A {\n"
     "  a = 1\n"
     "  ;           \n"
     "  ['c'] = 2\n"
     "}"},
    {"an overload after a field",
     "class A {\n"
     "  a = 1\n"
     "  b(): void\n"
     "  ['c'] = 2\n"
     "}",
     "class A {\n"
     "  a = 1\n"
     "           \n"
     "  ['c'] = 2\n"
     "}"},
    {"a field called get before a method",
     "class A {\n"
     "  get: T\n"
     "  b() {}\n"
     "  static?: U\n"
     "  c\n"
     "}",
     "class A {\n"
     "  get;  \n"
     "  b() {}\n"
     "  static ;  \n"
     "  c\n"
     "}"},
    {"an assertion at the end of a field",
     "class A {\n"
     "  a = b as T\n"
     "  ['c'] = 1\n"
     "}",
     "class A {\n"
     "  a = b;    \n"
     "  ['c'] = 1\n"
     "}"},
    {"a decorator before a modifier and brackets", "class A { @dec private [x]() {} }",
     "class A { @dec         [x]() {} }"},
};

int main(void) {
    return strip_rows_run(rows, sizeof rows / sizeof rows[0], STRIP_PLACES_STAY);
}
