/**
 * @file export.h
 * Statements that begin with `export`.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_EXPORT_H
#define HUTCH_STRIP_EXPORT_H

#include "strip/statement.h"

/** Read a statement with `export`, which is current. */
strip_statement_kind strip_export(stripper *p);

#endif
