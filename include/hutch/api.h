/**
 * @file api.h
 * What surrounds the declarations of each public header: they are C's, also in
 * C++, and what they name is seen outside of a shared library.
 */
#ifndef HUTCH_API_H
#define HUTCH_API_H

#ifdef __cplusplus
#define HUTCH_BEGIN_API _Pragma("GCC visibility push(default)") extern "C" {
#define HUTCH_END_API                                                                              \
    }                                                                                              \
    _Pragma("GCC visibility pop")
#else
#define HUTCH_BEGIN_API _Pragma("GCC visibility push(default)")
#define HUTCH_END_API _Pragma("GCC visibility pop")
#endif

#endif
