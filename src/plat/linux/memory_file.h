/**
 * @file memory_file.h
 * Files that are nowhere but in memory (memfd).
 *
 * Threads: any.
 */
#ifndef HUTCH_PLAT_LINUX_MEMORY_FILE_H
#define HUTCH_PLAT_LINUX_MEMORY_FILE_H

#include <stddef.h>

/**
 * Make one, empty, that can be sealed.
 *
 * @param flag        of memfd_create(); kernels that do not know it do without
 * @param size        bytes that it will have. The process's own limit on file sizes holds for such
 *                    files too, and who goes beyond is sent a signal that ends the process: so
 *                    beyond it there is no file
 * @param descriptor  [out] owned by the caller, closed on exec
 * @return 0, or errno: EFBIG beyond that limit
 */
int hutch_memory_file_new(const char *name, unsigned flag, size_t size, int *descriptor);

#endif
