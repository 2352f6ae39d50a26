/*
 * Functions of threads as glibc has had them from its beginnings on. Version
 * 2.34 gave them a new version when it moved them from one of its libraries
 * into another, and a program that is linked there would need it, though
 * nothing about them has changed. The linker leads every call of a name in the
 * table here (-Wl,--wrap); the old versions stay in every glibc.
 *
 * This is of the addon alone, which is loaded by somebody else's C library: the
 * programs are static.
 */
#include <pthread.h>
#include <signal.h>
#include <time.h>

#if defined(__x86_64__)
#define OLDEST "GLIBC_2.2.5"
#define WITH_CLOCKS "GLIBC_2.3.3"
#define WITH_NAMES "GLIBC_2.12"
#elif defined(__aarch64__)
#define OLDEST "GLIBC_2.17"
#define WITH_CLOCKS OLDEST
#define WITH_NAMES OLDEST
#else
#error "which version of glibc was the first on this processor?"
#endif

/* Result, name, version, parameters, arguments: node/CMakeLists.txt reads the names. */
#define OLD_SYMBOLS(X)                                                                             \
    X(int, pthread_create, OLDEST,                                                                 \
      (pthread_t * thread, const pthread_attr_t *attributes, void *(*body)(void *),                \
       void *argument),                                                                            \
      (thread, attributes, body, argument))                                                        \
    X(int, pthread_join, OLDEST, (pthread_t thread, void **result), (thread, result))              \
    X(int, pthread_sigmask, OLDEST, (int how, const sigset_t *set, sigset_t *before),              \
      (how, set, before))                                                                          \
    X(int, pthread_attr_setstacksize, OLDEST, (pthread_attr_t * attributes, size_t size),          \
      (attributes, size))                                                                          \
    X(int, pthread_condattr_setclock, WITH_CLOCKS,                                                 \
      (pthread_condattr_t * attributes, clockid_t id), (attributes, id))                           \
    X(int, pthread_setname_np, WITH_NAMES, (pthread_t thread, const char *name), (thread, name))

#define LEAD_TO_OLD(result, name, version, parameters, arguments)                                  \
    result hutch_old_##name parameters;                                                            \
    __asm__(".symver hutch_old_" #name "," #name "@" version);                                     \
    result __wrap_##name parameters;                                                               \
    result __wrap_##name parameters {                                                              \
        return hutch_old_##name arguments;                                                         \
    }
OLD_SYMBOLS(LEAD_TO_OLD)
#undef LEAD_TO_OLD
