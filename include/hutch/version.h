/**
 * @file version.h
 * The version of the library.
 */
#ifndef HUTCH_VERSION_H
#define HUTCH_VERSION_H

#include <hutch/api.h>

HUTCH_BEGIN_API

#define HUTCH_VERSION_MAJOR 0
#define HUTCH_VERSION_MINOR 1
#define HUTCH_VERSION_PATCH 0
#define HUTCH_VERSION "0.1.0"

/** The version of the library that is linked, "0.1.0". Static text. Threads: any. */
const char *hutch_version(void);

HUTCH_END_API

#endif
