/**
 * @file init.h
 * Beginning a struct whose first member is its size, in C and in C++, which has
 * no partial initializers that are free of warnings.
 */
#ifndef HUTCH_INIT_H
#define HUTCH_INIT_H

/* All zero but the size. HUTCH_EVENT_INIT and its siblings are made with it. */
#ifdef __cplusplus
#define HUTCH_INIT(type)                                                                           \
    [] {                                                                                           \
        type made = {};                                                                            \
        made.size = sizeof made;                                                                   \
        return made;                                                                               \
    }()
#else
#define HUTCH_INIT(type)                                                                           \
    { .size = sizeof(type) }
#endif

#endif
