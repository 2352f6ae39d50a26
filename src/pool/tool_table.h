/**
 * @file tool_table.h
 * The tools of a context: the host's own copy of their names, so that a worker
 * only ever says an index.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_TOOL_TABLE_H
#define HUTCH_POOL_TOOL_TABLE_H

#include <hutch/context.h>

/** Names and bindings in the form in which OPEN carries them; all zero is an empty table. */
typedef struct hutch_tool_table {
    char *block;       /**< owned; frame.h has its form */
    size_t length;     /**< bytes of it */
    hutch_text *names; /**< owned; inside `block` */
    size_t count;
} hutch_tool_table;

/**
 * Check and copy the names, and settle what each tool is bound to.
 *
 * @param table  [out]
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT (names the tool, or both that would be bound to the same
 *   identifier) or HUTCH_OUT_OF_MEMORY
 */
hutch_status hutch_tool_table_init(hutch_tool_table *table, const hutch_tool *tools, size_t count,
                                   hutch_error *error);

/** Give the memory back. */
void hutch_tool_table_free(hutch_tool_table *table);

#endif
