/**
 * @file declaration.h
 * The declarations that only TypeScript has.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_DECLARATION_H
#define HUTCH_STRIP_DECLARATION_H

#include "strip/statement.h"

/**
 * Try the declarations that only TypeScript has: `type`, `interface`, `declare`, `enum`, … .
 *
 * @param from         where the statement begins, before `export` if there is one
 * @param is_exported  `export` stood before it
 * @param kind         [out] written when there was one
 * @return false when the current token begins something else; nothing has moved then
 */
bool strip_type_declaration(stripper *p, const unsigned char *from, bool is_exported,
                            strip_statement_kind *kind);

#endif
